// Photos of a case as others took them, small: fetched when its page is opened for the first time, and
// shown without a network from then on. They lie among the fetched rows, in the same boxes, and go with
// their case, with the PIN's storage, and before anything of the worker's own where room is short.
import { lockStands } from "./capture.ts";
import { SHOT, type Store } from "./db.ts";
import type { Vault } from "./vault.ts";

const LARGEST = 200_000; // bytes; the row's `version` says how many it takes

const keyOf = (record: string, id: string) => `${record} ${id}`;

/** As it lies on the phone, or as it comes now; null where neither. */
export async function shotOf(db: Store, vault: Vault, of: { id: string; number: string }, id: string): Promise<ArrayBuffer | null> {
  const row = await db.rows.get([SHOT, keyOf(of.id, id)]);
  const kept = row && (await vault.tried(row.box as never as Parameters<typeof vault.tried<ArrayBuffer>>[0]));
  if (kept) return kept;
  const bytes = await fetched(`/desk/cases/${of.number}/files/${id}/?small=1`);
  if (bytes) await keep(db, vault, of.id, id, bytes);
  return bytes;
}

async function fetched(address: string): Promise<ArrayBuffer | null> {
  const bytes = await (await pictureAt(address))?.arrayBuffer();
  return bytes && bytes.byteLength <= LARGEST ? bytes : null;
}

async function pictureAt(address: string): Promise<Blob | null> {
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error" }).catch(() => null);
  if (!answer?.ok || !answer.headers.get("Content-Type")?.startsWith("image/")) return null;
  return answer.blob().catch(() => null);
}

/** As it was taken, to be looked at now: it is not kept. Null without a network. */
export function wholeOf(number: string, id: string): Promise<Blob | null> {
  return pictureAt(`/desk/cases/${number}/files/${id}/`);
}

/** Shown all the same where it cannot be kept. */
async function keep(db: Store, vault: Vault, record: string, id: string, bytes: ArrayBuffer): Promise<void> {
  const box = (await vault.seal(bytes)) as never;
  await db
    .transaction("rw", db.rows, db.meta, async () => {
      await lockStands(db, box);
      const run = (await db.got("run")) ?? 0;
      await db.rows.put({ kind: SHOT, id: keyOf(record, id), version: bytes.byteLength, run, box });
    })
    .catch(console.error);
}

/** How much they take. */
export async function heavyShots(db: Store): Promise<number> {
  let sum = 0;
  await db.rows.where("kind").equals(SHOT).each((one) => (sum += one.version));
  return sum;
}

/** Those whose case is no longer on the phone, and as many as lie over what is left for them. */
export async function tidyShots(db: Store, room: number): Promise<void> {
  await db.transaction("rw", db.rows, async () => {
    const cases = new Set((await db.rows.where("kind").equals("case").primaryKeys()).map(([, id]) => id));
    let held = 0;
    const over = (id: string, size: number) => !cases.has(id.split(" ")[0]!) || (held += size) > room;
    await db.rows.where("kind").equals(SHOT).filter((one) => over(one.id, one.version)).delete();
  });
}
