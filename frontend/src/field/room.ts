// Room on a phone that is full: before anything is refused, what has arrived makes way for what has not.
import { type Attachment, SHOT, type Store } from "./db.ts";

const PART = 20 * 1024 * 1024;

/** Photos of settled records that the server has, the oldest first. */
export async function arrived(db: Store): Promise<Attachment[]> {
  const sent = await db.attachments.where("state").anyOf(["sent", "left"]).toArray();
  const owners = await db.operations.bulkGet(sent.map((one) => one.op_id ?? ""));
  const settled = sent.filter((_, place) => (owners[place]?.state ?? "applied") === "applied");
  return settled.sort((one, other) => (one.sent_at ?? "").localeCompare(other.sent_at ?? ""));
}

/** Others' photos, which can be fetched again, then a part of one's own that arrived. False where there is
 * nothing of either. */
export async function makeRoom(db: Store): Promise<boolean> {
  const shots = await db.rows.where("kind").equals(SHOT).delete();
  const gone: string[] = [];
  let freed = 0;
  for (const one of await arrived(db)) {
    if (freed >= PART) break;
    gone.push(one.id);
    freed += one.size;
  }
  await db.transaction("rw", db.attachments, db.blobs, async () => {
    await db.blobs.bulkDelete(gone);
    await db.attachments.bulkDelete(gone);
  });
  return shots > 0 || gone.length > 0;
}
