// What the worker does, as an operation: of which record, and what must be on the server first.
import type { Taken } from "./capture.ts";
import type { Changes } from "./correcting.ts";
import type { About, Store } from "./db.ts";
import type { Action, Case, Round, Stop, Task } from "./shapes.ts";

/**
 * Nothing of a round waits for anything: a stop starts a round that nobody started. Were a stop to wait
 * for the start, it would wait for ever once the round was cancelled.
 */
export function stepOf(round: Pick<Round, "id">, kind: "round_start" | "round_end", about: About): Taken {
  return { kind, record: round.id, data: {}, about };
}

export function stopOf(
  round: Pick<Round, "id">,
  stop: Pick<Stop, "id">,
  outcome: "done" | "skipped",
  reason: string,
  about: About,
): Taken {
  return { kind: "round_stop", record: round.id, data: { stop: stop.id, outcome, reason }, about };
}

/** What was done to a case before is no condition either: the server judges each as the case stands. */
export async function actOf(
  db: Store,
  one: Pick<Case, "id" | "version">,
  action: Pick<Action, "key">,
  given: Record<string, unknown>,
  photos: string[],
  about: About,
): Promise<Taken> {
  return {
    kind: "act",
    record: one.id,
    base_version: one.version,
    depends_on: await reported(db, one.id),
    data: { case: one.id, action: action.key, given, attachments: photos },
    about,
    attachments: photos,
  };
}

/** Something done with a task at a place: of any kind, so the server's source of it judges. */
export function taskOf(
  one: Pick<Task, "id" | "version" | "source">,
  action: Pick<Action, "key">,
  given: Record<string, unknown>,
  photos: string[],
  about: About,
): Taken {
  const data = { source: one.source, action: action.key, given, attachments: photos };
  return { kind: "task", record: one.id, base_version: one.version, data, about, attachments: photos };
}

/** What stands otherwise than the phone knew it, of a place or in a register. */
export function changeOf(
  kind: "place" | "entry",
  one: { id: string; version: number },
  changes: Changes,
  about: About,
): Taken {
  return { kind, record: one.id, base_version: one.version, data: { changes }, about };
}

/** The record of the report that the case comes from, until the server has it; another operation may
 * bring the same record after a correction. */
async function reported(db: Store, record: string): Promise<string[]> {
  const own = await db.operations.where("record").equals(record).toArray();
  return own.some((one) => one.kind === "report" && one.state !== "applied") ? [record] : [];
}

/** The first photo of a case that this phone still holds, "" without one: from its report, which may have
 * another id than the case, or from an earlier action. */
export async function earlier(db: Store, id: string): Promise<string> {
  const known = await db.operations.filter((one) => one.record === id || isOf(one.result, id)).primaryKeys();
  const files = await db.attachments.where("op_id").anyOf(known).toArray();
  const photos = files.filter((one) => one.media.startsWith("image/")).map((one) => one.id).sort();
  const held = await db.blobs.bulkGet(photos);
  return photos.find((_, place) => held[place] !== undefined) ?? "";
}

const isOf = (result: unknown, id: string) => (result as { case?: string } | null)?.case === id;

export interface Found {
  place: string | null;
  code: string;
  placed: boolean; // the worker chose the place or scanned its code
  point: { lon: number; lat: number } | null;
}

/** Where it is. Whoever chose a place meant the place: where the worker stands is not told then. */
export function pointOf(
  found: Found,
  place: { lon: number; lat: number } | undefined,
): { lon: number | null; lat: number | null } {
  const point = found.placed ? place : (found.point ?? place);
  return { lon: point?.lon ?? null, lat: point?.lat ?? null };
}
