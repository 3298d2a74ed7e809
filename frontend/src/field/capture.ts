// Everything a worker writes down enters here: one transaction holds the record, its operation and
// its photos, and "saved" is said only after it is on the disk.
import Dexie from "dexie";
import type { About, Attachment, Kind, Operation, Store } from "./db.ts";
import { sha256, uuid7 } from "./ids.ts";
import { makeRoom } from "./room.ts";
import { type Box, Locked, type Vault } from "./vault.ts";

export interface Taken {
  kind: Kind;
  record: string;
  data: Record<string, unknown>;
  about: About;
  base_version?: number | null;
  depends_on?: string[];
  occurred_at?: Date;
  attachments?: string[]; // photos that the draft holds already
  draft?: string;
  leaves?: string; // a refused photo that the worker gives up by it
  op?: string; // its id, known before: saved a second time it is the same record
}

const two = (value: number) => String(value).padStart(2, "0");

/** The device's own clock, with its offset: what the worker's watch showed. */
export function stamp(at: Date): string {
  const east = -at.getTimezoneOffset();
  const own = new Date(at.getTime() + east * 60_000).toISOString().slice(0, -1);
  const away = Math.abs(east);
  return `${own}${east < 0 ? "-" : "+"}${two(Math.floor(away / 60))}:${two(away % 60)}`;
}

/** The phone has no room left: nothing was written, and the worker is told so. */
export class NoRoom extends Error {
  override name = "NoRoom";
}

/** What the screen says where nothing was written; what was typed is still on it. */
export function refusal(error: unknown): "no_room" | "not_saved" {
  return error instanceof NoRoom || roomless(error) ? "no_room" : "not_saved";
}

export function roomless(error: unknown): boolean {
  const names = [error, (error as { inner?: unknown } | null)?.inner];
  return names.some((one) => (one as { name?: string } | null)?.name === "QuotaExceededError");
}

/** What has arrived makes room for it before it is refused. */
export async function withRoom<T>(db: Store, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!roomless(error)) throw error;
      if (!(await makeRoom(db).catch(() => false))) throw new NoRoom();
    }
  }
}

export async function save(db: Store, vault: Vault, taken: Taken): Promise<Operation> {
  // Sealing waits for the browser's cryptography, for which a transaction would not wait.
  const [data, about] = await Promise.all([vault.seal(taken.data), vault.seal(taken.about)]);
  return withRoom(db, async () => {
    const operation = made(taken, data, about);
    return db.transaction("rw", db.operations, db.attachments, db.drafts, db.meta, async () => {
      await lockStands(db, data);
      // A second tap, or a draft that came back: nothing is recorded twice.
      const before = await db.operations.get(operation.op_id);
      if (before === undefined) await add(db, operation, taken.attachments ?? []);
      if (taken.leaves !== undefined) await leave(db, taken.leaves);
      if (taken.draft !== undefined) await drop(db, taken.draft);
      return before ?? operation;
    });
  });
}

async function add(db: Store, operation: Operation, files: string[]): Promise<void> {
  operation.seq = ((await db.got("seq")) ?? 0) + 1;
  await db.keep("seq", operation.seq);
  operation.bytes += await hand(db, operation, files);
  await db.operations.add(operation);
}

async function leave(db: Store, id: string): Promise<void> {
  await db.attachments.update(id, { state: "left", sent_at: new Date().toISOString() });
}

/** Nothing is shut where no lock is kept, for nobody could open it: another tab took the PIN away. */
export async function lockStands(db: Store, box: Box<unknown>): Promise<void> {
  if (!("open" in box) && (await db.got("lock")) === undefined) throw new Locked();
}

function made(taken: Taken, data: Box<Record<string, unknown>>, about: Box<About>): Operation {
  return {
    op_id: taken.op ?? uuid7(),
    seq: 0,
    kind: taken.kind,
    record: taken.record,
    base_version: taken.base_version ?? null,
    depends_on: taken.depends_on ?? [],
    occurred_at: stamp(taken.occurred_at ?? new Date()),
    state: "waiting",
    data,
    about,
    bytes: JSON.stringify(taken.data).length,
    problem: null,
    result: null,
    answered_at: null,
    tried: false,
  };
}

/** Photos leave the draft and belong to the operation from now on; answers how large they are. */
async function hand(db: Store, operation: Operation, ids: string[]): Promise<number> {
  let bytes = 0;
  for (const id of ids) {
    const found = await db.attachments.get(id);
    if (found === undefined) throw new Error(`photo ${id} is not on this phone`);
    bytes += found.size;
    await db.attachments.update(id, {
      op_id: operation.op_id,
      record: operation.record,
      draft: null,
      state: "waiting",
    });
  }
  return bytes;
}

/** A photo or a voice note, kept at once: a phone that dies now still has it. */
export async function keepFile(
  db: Store,
  vault: Vault,
  draft: string,
  bytes: ArrayBuffer,
  media: string,
): Promise<Attachment> {
  const attachment: Attachment = {
    id: uuid7(),
    op_id: null,
    draft,
    record: null,
    media,
    size: bytes.byteLength,
    sha256: await sha256(bytes),
    state: "draft",
    begun: false,
    problem: null,
    sent_at: null,
  };
  const box = await vault.seal(bytes);
  return withRoom(db, async () => {
    await db.transaction("rw", db.attachments, db.blobs, db.meta, async () => {
      await lockStands(db, box);
      await db.blobs.add({ id: attachment.id, box });
      await db.attachments.add(attachment);
    });
    return attachment;
  });
}

const turns = new Map<string, number>(); // how often each draft was changed

function turnOf(draft: string): number {
  const turn = (turns.get(draft) ?? 0) + 1;
  turns.set(draft, turn);
  return turn;
}

/** `value.op` names what the draft becomes: once that is saved, the draft does not come back. What takes
 * longer to seal than a later change, or than dropping it, is not written over that. */
export async function keepDraft(
  db: Store,
  vault: Vault,
  id: string,
  value: Record<string, unknown>,
): Promise<void> {
  const turn = turnOf(id);
  const box = await vault.seal(value);
  if (turns.get(id) !== turn) return;
  await withRoom(db, () =>
    db.transaction("rw", db.drafts, db.operations, db.meta, async () => {
      await lockStands(db, box);
      if (typeof value.op === "string" && (await db.operations.get(value.op)) !== undefined) return;
      await db.drafts.put({ id, box, at: new Date().toISOString() });
    }),
  );
}

export async function readDraft<T>(db: Store, vault: Vault, id: string): Promise<T | null> {
  const draft = await db.drafts.get(id);
  return draft === undefined ? null : ((await vault.open(draft.box)) as T);
}

/** What a draft names, as far as it is on the phone, and what lies there for it unnamed: the phone may
 * die between the photo and the draft that says so. */
export async function filesOf(db: Store, draft: string, named: string[], media: string): Promise<string[]> {
  const own = await db.attachments.where("draft").equals(draft).filter((one) => one.media.startsWith(media)).primaryKeys();
  return [...named.filter((id) => own.includes(id)), ...own.filter((id) => !named.includes(id))];
}

/** Only a draft's own photos go: what was handed to an operation has left it. */
export async function dropDraft(db: Store, id: string): Promise<void> {
  turnOf(id);
  await db.transaction("rw", db.drafts, db.attachments, db.blobs, () => drop(db, id));
}

async function drop(db: Store, id: string): Promise<void> {
  await db.drafts.delete(id);
  const left = await db.attachments.where("draft").equals(id).primaryKeys();
  await db.attachments.bulkDelete(left);
  // Inside `save` the blobs' table is not in the transaction; what is left is swept later.
  if (left.length > 0 && Dexie.currentTransaction?.storeNames.includes("blobs")) {
    await db.blobs.bulkDelete(left);
  }
}

export async function dropFile(db: Store, id: string): Promise<void> {
  await db.transaction("rw", db.attachments, db.blobs, async () => {
    const found = await db.attachments.get(id);
    if (found?.state !== "draft") return;
    await db.attachments.delete(id);
    await db.blobs.delete(id);
  });
}
