// The tray: every record that is not on the server with all that belongs to it, and why not.
import { lockStands, save } from "./capture.ts";
import { type Changes, flatPlace, saidAnew } from "./correcting.ts";
import type { About, Attachment, Meta, Operation, Store } from "./db.ts";
import { uuid7 } from "./ids.ts";
import type { Entry, Place } from "./shapes.ts";
import type { Vault } from "./vault.ts";

export type Why = "waiting" | "held" | "conflict" | "rejected" | "noted" | "files";

export interface Pending {
  operation: Operation;
  about: About;
  why: Why;
  files: Attachment[]; // not on the server yet
  bytes: number;
}

const UNSETTLED = ["waiting", "held", "conflict", "rejected", "noted"];

export async function unsettled(db: Store): Promise<[Operation, Attachment[]][]> {
  const waiting = await db.attachments.where("state").equals("waiting").toArray();
  const files = new Map<string, Attachment[]>();
  for (const one of waiting) {
    const key = one.op_id ?? "";
    files.set(key, [...(files.get(key) ?? []), one]);
  }
  const open = await db.operations.where("state").anyOf(UNSETTLED).toArray();
  const known = new Set(open.map((one) => one.op_id));
  const rest = await db.operations.bulkGet([...files.keys()].filter((id) => !known.has(id)));
  const all = [...open, ...rest.filter((one) => one !== undefined)];
  all.sort((one, other) => one.seq - other.seq);
  return all.map((one) => [one, files.get(one.op_id) ?? []]);
}

/** What would be lost if this phone were emptied now: records that are not settled, and drafts. */
export async function unsaved(db: Store): Promise<number> {
  return (await unsettled(db)).length + (await db.drafts.count());
}

/** How far a rescue file goes that is begun now. */
export async function mark(db: Store, now = new Date()): Promise<{ seq: number; at: string }> {
  return { seq: (await db.got("seq")) ?? 0, at: now.toISOString() };
}

/** Whether the last rescue file holds all of it: nothing was written down since. */
export async function inRescue(db: Store): Promise<boolean> {
  const made = await db.got("rescued");
  if (made === undefined) return false;
  if ((await unsettled(db)).some(([one]) => one.seq > made.seq)) return false;
  return (await db.drafts.filter((one) => one.at >= made.at).count()) === 0;
}

function taken(operation: Operation): boolean {
  return operation.state === "applied" || operation.state === "replaced";
}

function why(operation: Operation): Why {
  return taken(operation) ? "files" : (operation.state as Why);
}

export async function pending(db: Store, vault: Vault): Promise<Pending[]> {
  const found = await unsettled(db);
  return Promise.all(
    found.map(async ([operation, files]) => ({
      operation,
      about: (await vault.tried(operation.about)) ?? { title: operation.kind, place: "", icon: "lock" },
      why: why(operation),
      files,
      bytes: taken(operation) ? files.reduce((sum, one) => sum + one.size, 0) : operation.bytes,
    })),
  );
}

/**
 * Send again what was refused or met something newer. The server keeps its answer to an operation
 * for ever, so this is a new one; the old one stays as it was answered and points to it.
 */
export async function again(db: Store, vault: Vault, op_id: string): Promise<void> {
  const over = await anew(db, vault, op_id);
  await db.transaction("rw", db.operations, db.attachments, db.meta, async () => {
    const old = await db.operations.get(op_id);
    if (old === undefined || (old.state !== "rejected" && old.state !== "conflict")) return;
    const seq = ((await db.got("seq")) ?? 0) + 1;
    await db.keep("seq", seq);
    if (over) await lockStands(db, over.data);
    const fresh: Operation = { ...old, ...over, op_id: uuid7(), seq, state: "waiting", problem: null, result: null, answered_at: null, tried: false };
    await db.operations.add(fresh);
    await db.attachments.where("op_id").equals(op_id).modify({ op_id: fresh.op_id });
    await db.operations.update(op_id, { state: "replaced", result: { replaced_by: fresh.op_id } });
  });
}

/** What clashed is said over what stands there as the phone knows it by now: over what stood there before
 * it would clash for ever. Null where its content stays as it was. */
async function anew(db: Store, vault: Vault, op_id: string): Promise<Pick<Operation, "data" | "base_version"> | null> {
  const old = await db.operations.get(op_id);
  if (old?.state !== "conflict" || (old.kind !== "place" && old.kind !== "entry")) return null;
  const row = await db.rows.get([old.kind, old.record]);
  const stands = row && (await vault.tried(row.box));
  const data = await vault.tried(old.data);
  if (!stands || !data) return null;
  const entry = stands as unknown as Entry;
  const now = old.kind === "place" ? flatPlace(stands as unknown as Place) : { ...entry.values, state: entry.state };
  const changes = saidAnew((data.changes ?? {}) as Changes, now);
  return { data: await vault.seal({ ...data, changes }), base_version: row.version };
}

/**
 * What was refused for what it says becomes a draft again, with its photos: put right, it is another
 * operation of the same record. Answers the way to its screen, null where it has none.
 */
export async function reopen(db: Store, vault: Vault, op_id: string): Promise<string[] | null> {
  const old = await db.operations.get(op_id);
  const data = old && (await vault.tried(old.data));
  if (!old || !data) return null;
  const kept = await db.attachments.where("op_id").equals(op_id).filter((one) => one.state !== "left").toArray();
  const made = draftOf(old, data, kept);
  if (made === null) return null;
  const box = await vault.seal(made.value);
  await db.transaction("rw", db.operations, db.attachments, db.drafts, db.meta, async () => {
    await lockStands(db, box);
    const now = await db.operations.get(op_id);
    if (now?.state !== "rejected" && now?.state !== "noted") return;
    if ((await db.drafts.get(made.id)) !== undefined) return; // that one is to be finished first
    await db.drafts.add({ id: made.id, box, at: new Date().toISOString() });
    await db.attachments.bulkUpdate(kept.map(({ id }) => ({ key: id, changes: { op_id: null, draft: made.id, state: "draft", refused: false } })));
    await db.operations.update(op_id, { state: "replaced", result: { replaced_by: made.value.op } });
  });
  return made.way;
}

/** What its screen would have kept of it, under another `op`. */
function draftOf(old: Operation, data: Record<string, unknown>, files: Attachment[]): Remade | null {
  const named = (begins: string) => files.filter((one) => one.media.startsWith(begins)).map((one) => one.id);
  const op = uuid7();
  if (old.kind === "report") {
    const id = `report-${old.record}`;
    const elsewhere = /place|code/.test(old.problem?.field ?? "") ? { place: null, code: "", placed: false } : {};
    const point = data.lon == null ? null : { lon: data.lon, lat: data.lat, accuracy: 0 };
    const { type, place, code, words, attributes } = data;
    const value = { op, record: old.record, type, place, code, words, attributes, point, placed: Boolean(place || code), ...elsewhere };
    return { id, way: ["report", "", id], value: { ...value, photos: named("image/"), voices: named("audio/") } };
  }
  if (old.kind === "act") {
    const way = ["case", String(data.case), String(data.action)];
    return { id: `act-${way[1]}-${way[2]}`, way, value: { op, given: data.given, photos: named("image/") } };
  }
  if (old.kind !== "checklist") return null;
  const [list, ...where] = [data.checklist, data.place, data.round, data.stop].map((one) => String(one ?? "-"));
  const way = ["check", list!, ...where, old.record];
  return { id: `check-${list}-${where[0]}-${where[2]}`, way, value: { op, record: old.record, way, answers: data.answers, at: 0 } };
}

interface Remade {
  id: string;
  way: string[];
  value: Record<string, unknown>;
}

/** Photos that the server did not take are tried once more, from their first byte. */
export async function filesAgain(db: Store, op_id: string): Promise<void> {
  const waiting = db.attachments.where("op_id").equals(op_id).filter((one) => one.state === "waiting");
  await waiting.modify({ refused: false, begun: false, problem: null });
}

/**
 * The worker gives up a photo that the server refused: written down like anything else, so that the
 * server waits for it no longer. It stays on the phone as long as what was sent.
 */
export async function leaveOut(db: Store, vault: Vault, id: string, about: About): Promise<void> {
  const found = await db.attachments.get(id);
  if (found?.state !== "waiting" || !found.refused) return;
  await save(db, vault, { kind: "leave_out", record: id, data: {}, about, leaves: id });
}

/** Whether nobody but this phone can know of it: no push carried it, whatever became of the answer, and no
 * rescue file holds it. */
export function isOnlyHere(one: Pick<Operation, "state" | "tried" | "seq">, rescued: Meta["rescued"] | undefined): boolean {
  return one.state === "waiting" && one.tried === false && one.seq > (rescued?.seq ?? 0);
}

/** One line of a list, which its screen takes back with one tap. */
export function isTick(one: { kind: string; data: Record<string, unknown> }): boolean {
  return one.kind === "task" && typeof (one.data.given as { person?: unknown } | undefined)?.person === "string";
}

/** Taken back while it is only here: then it is gone, as if never done. False where it is too late. */
export async function takeBack(db: Store, op_id: string): Promise<boolean> {
  return db.transaction("rw", db.operations, db.attachments, db.meta, async () => {
    const found = await db.operations.get(op_id);
    if (found === undefined || !isOnlyHere(found, await db.got("rescued"))) return false;
    if ((await db.attachments.where("op_id").equals(op_id).count()) > 0) return false; // not photos with it
    await db.operations.delete(op_id);
    return true;
  });
}

/** The worker has read why it was not taken. It stays on the phone and in the rescue file. */
export async function noted(db: Store, op_id: string): Promise<void> {
  await db.transaction("rw", db.operations, async () => {
    const found = await db.operations.get(op_id);
    if (found?.state !== "rejected" && found?.state !== "conflict") return;
    await db.operations.update(op_id, { state: "noted" });
  });
}
