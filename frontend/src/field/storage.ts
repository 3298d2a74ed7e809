// How much the phone keeps and whether the browser may throw it away. `estimate()` promises room
// that is not there, so only our own count is shown; a full phone is met when it says no.
import type { IndexableType } from "dexie";
import { SHOT, type Store } from "./db.ts";
import { arrived } from "./room.ts";
import { heavyShots, tidyShots } from "./shots.ts";
import { forgetSounds, heavy } from "./sounds.ts";
import type { Box, Vault } from "./vault.ts";

const MB = 1024 * 1024;
export const BUDGET = 300 * MB; // what the app allows itself for photos, unless the worker says otherwise
export const BUDGETS = [100 * MB, BUDGET, 1000 * MB];
const KEEP_DAYS = 35; // unless the server says otherwise: past its backups

export interface Weight {
  files: number;
  pending: number;
  sent: number;
  sounds: number;
  shots: number; // of others
  rows: number;
}

export async function weigh(db: Store): Promise<Weight> {
  const weight: Weight = { files: 0, pending: 0, sent: 0, sounds: await heavy(), rows: await db.rows.where("kind").notEqual(SHOT).count(), shots: await heavyShots(db) };
  await db.attachments.each((one) => {
    weight.files += 1;
    if (one.state === "sent" || one.state === "left") weight.sent += one.size;
    else weight.pending += one.size;
  });
  return weight;
}

export async function askToPersist(): Promise<boolean> {
  if (navigator.storage?.persist === undefined) return false;
  return (await navigator.storage.persisted()) || (await navigator.storage.persist());
}

/** What was sent long ago, or lies over the budget, oldest first. Nothing pending ever goes, and no
 * photo of a record that is not settled: sent again, it may need the photo once more. */
export async function tidy(db: Store, now = new Date(), allowed?: number): Promise<number> {
  const budget = allowed ?? (await db.got("budget")) ?? BUDGET;
  const days = (await db.got("keep_days")) ?? KEEP_DAYS;
  const limit = new Date(now.getTime() - days * 86_400_000).toISOString();
  const sent = await arrived(db);
  const weight = await weigh(db);
  let held = weight.pending + weight.sent + weight.sounds;
  await tidyShots(db, Math.max(0, budget - held)); // they can be fetched again
  const gone: string[] = [];
  for (const one of sent) {
    if ((one.sent_at ?? "") > limit && held <= budget) break;
    gone.push(one.id);
    held -= one.size;
  }
  await db.transaction("rw", db.operations, db.attachments, db.blobs, async () => {
    await db.blobs.bulkDelete(gone);
    await db.attachments.bulkDelete(gone);
    await sweep(db);
    await forget(db, limit);
  });
  return gone.length;
}

/** Records that arrived so long ago that no backup can lack them, once their photos are gone too. */
async function forget(db: Store, limit: string): Promise<void> {
  const owners = new Set((await db.attachments.toArray()).map((one) => one.op_id));
  await db.operations
    .where("state")
    .anyOf(["applied", "replaced"])
    .filter((one) => one.answered_at !== null && one.answered_at < limit && !owners.has(one.op_id))
    .delete();
}

/** Blobs that no attachment names: left by drafts that were saved without them. */
async function sweep(db: Store): Promise<void> {
  const named = new Set(await db.attachments.toCollection().primaryKeys());
  const all = await db.blobs.toCollection().primaryKeys();
  await db.blobs.bulkDelete(all.filter((id) => !named.has(id)));
}

/** Everything goes; that it went on purpose stays known, and that the phone was revoked. */
export async function wipe(db: Store): Promise<void> {
  await forgetSounds();
  await db.transaction("rw", db.tables, async () => {
    const revoked = await db.got("revoked");
    for (const table of db.tables) await table.clear();
    if (revoked) await db.keep("revoked", true);
    await db.keep("emptied", true);
  });
}

/** Move every box from what opens it now to what shall: a key, another key, or none. */
export async function reseal(db: Store, from: Vault, to: Vault): Promise<void> {
  for (const [table, fields] of BOXES) {
    for (const key of await db.table(table).toCollection().primaryKeys()) {
      const row = (await db.table(table).get(key)) as Boxes | undefined;
      if (row === undefined) continue;
      const changed: Record<string, unknown> = {};
      for (const field of fields) {
        if ("open" in row[field]! !== to.sealing) continue;
        changed[field] = await to.seal(await from.open(row[field]!));
      }
      if (Object.keys(changed).length > 0) await replace(db, table, key, row, changed);
    }
  }
}

/** What was written anew meanwhile stays: it lies in the right box already. */
async function replace(db: Store, table: string, key: IndexableType, read: Boxes, changed: Record<string, unknown>): Promise<void> {
  await db.transaction("rw", table, async () => {
    const now = (await db.table(table).get(key)) as Boxes | undefined;
    if (now !== undefined && Object.keys(changed).every((field) => same(read[field]!, now[field]!))) {
      await db.table(table).update(key, changed);
    }
  });
}

function same(one: Box<unknown>, other: Box<unknown>): boolean {
  if ("open" in one || "open" in other) {
    return "open" in one && "open" in other && JSON.stringify(one.open) === JSON.stringify(other.open);
  }
  return one.iv.join() === other.iv.join();
}

/** Whether anything lies in a shut box. */
export async function anyShut(db: Store): Promise<boolean> {
  for (const [table, fields] of BOXES) {
    const shut = (row: Boxes) => fields.some((field) => !("open" in row[field]!));
    if ((await db.table<Boxes>(table).filter(shut).first()) !== undefined) return true;
  }
  return false;
}

type Boxes = Record<string, Box<unknown>>;

const BOXES: [string, string[]][] = [
  ["operations", ["data", "about"]],
  ["blobs", ["box"]],
  ["drafts", ["box"]],
  ["rows", ["box"]],
];
