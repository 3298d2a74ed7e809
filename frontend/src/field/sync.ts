// Bringing in what the phone keeps, and fetching what the worker needs. Whatever fails here, nothing
// on the phone is dropped: a record leaves the tray only when the server has it and all its files.
import { lockStands, NoRoom, roomless, stamp, withRoom } from "./capture.ts";
import type { Attachment, Device, Left, Operation, Paused, Row, Store } from "./db.ts";
import { SCHEMA, SHOT } from "./db.ts";
import {
  PROTOCOL,
  type Pulled,
  type Pushed,
  Refused,
  type Result,
  type Sent,
  type Server,
  type Standing,
  type Trouble,
  Unreachable,
  codeOf,
} from "./server.ts";
import { tidy, wipe } from "./storage.ts";
import { isTick, unsaved } from "./tray.ts";
import type { Vault } from "./vault.ts";

export const APP = "2026.11.21";
const MANY = 100;
const SOME = 25; // rows put at once
const LARGE = 1_500_000; // bytes of one push; the server takes 2 MB
const SMALL = 16_000; // goes over any line that is one
const DAY = 86_400_000;

export interface Env {
  db: Store;
  vault: Vault;
  server: Server;
  name: string; // of this phone, as the worker sees it in the list of devices
  now?: () => Date;
  full?: boolean; // so much so that a tick stays here which could not be marked as sent
}

/** One round of everything. Answers what it stopped at, or null when all is done. */
export async function sync(env: Env): Promise<Paused | null> {
  env.full = false;
  const paused = await attempt(env);
  try {
    await env.db.keep("paused", paused);
  } catch (error) {
    if (!roomless(error)) throw error;
  }
  return paused;
}

async function attempt(env: Env): Promise<Paused | null> {
  try {
    // A phone that was revoked does not make itself known again, though somebody is still signed in.
    if (await env.db.got("revoked")) return (await env.db.got("paused")) ?? REVOKED;
    const known = await env.db.got("device");
    if (env.vault.locked) {
      // Nothing can be read now; but a lost phone must learn that it was revoked.
      if (known) await env.server.standing(known.token, Number.MAX_SAFE_INTEGER);
      return (await env.db.got("paused")) ?? null;
    }
    const device = known ?? (await register(env));
    await bringIn(env, device);
    await tellLeft(env, device);
    await fetchRows(env, device);
    await tidy(env.db, now(env));
    return env.full ? FULL : null;
  } catch (error) {
    return stopped(env, error);
  }
}

const REVOKED: Paused = { why: "refused", code: "revoked", message: "" };
const FULL: Paused = { why: "full", code: "full", message: "" };
const LATER = new Set([423, 429]);

async function stopped(env: Env, error: unknown): Promise<Paused> {
  if (error instanceof NoRoom || roomless(error)) return FULL;
  if (error instanceof Unreachable) return { why: "offline", code: "offline", message: "" };
  if (!(error instanceof Refused)) throw error;
  if (LATER.has(error.status)) return { why: "offline", code: error.code, message: error.message };
  if (error.code === "revoked") {
    await revoked(env.db);
    return { why: "refused", code: "revoked", message: error.message };
  }
  if (error.code === "device") {
    // The server was brought back from a time before this phone: what is kept is sent once more.
    await forgetDevice(env.db);
    return { why: "signed_out", code: "device", message: error.message };
  }
  const why = error.code === "session" || error.status === 401 ? "signed_out" : "refused";
  return { why, code: error.code, message: error.message };
}

/** What was fetched goes at once; what never arrived after the worker could save it to a file. */
async function revoked(db: Store): Promise<void> {
  await db.keep("revoked", true);
  if ((await unsaved(db)) === 0) return wipe(db);
  await db.transaction("rw", db.rows, db.meta, async () => {
    await db.rows.clear();
    await db.meta.bulkDelete(["cursor", "device"]);
  });
}

/** After it was emptied and somebody signed in again, which the server asks for too. */
export async function useAgain(db: Store): Promise<void> {
  if ((await unsaved(db)) > 0) return;
  await db.meta.bulkDelete(["revoked", "paused"]);
}

function now(env: Env): Date {
  return env.now?.() ?? new Date();
}

// -- the phone itself ------------------------------------------------------------------------

async function register(env: Env): Promise<Device> {
  // Whose records are kept here is said along: signed in as somebody else, the phone stays as it is.
  const made = await env.server.register(env.name, APP, SCHEMA, await env.db.got("worker"));
  const device = { device: made.device, token: made.token, marker: made.marker };
  const { db } = env;
  await db.transaction("rw", db.meta, db.operations, db.attachments, async () => {
    const lost = (await isNew(db)) ? made.evicted : null;
    await db.keep("device", device);
    await db.meta.delete("emptied");
    if (made.worker) await db.keep("worker", made.worker);
    await db.meta.delete("told");
    await db.keep("keep_days", made.keep_days ?? 35);
    await db.keep("epoch", made.epoch);
    await db.keep("app", APP);
    await allUnsent(db);
    if (lost) {
      await db.keep("evicted", {
        on: lost.last_seen_on,
        operations: lost.operations,
        attachments: lost.attachments,
      });
    }
  });
  return device;
}

/** Storage that knows nothing, and that nobody emptied: where the server knows an earlier phone of this
 * browser, the browser threw it away. How much was in it the server cannot know, for what was recorded
 * since its last contact went too; so the worker is told even where all had arrived until then. */
async function isNew(db: Store): Promise<boolean> {
  // An exchange that was going on when it went writes an epoch again; only registering writes this.
  return (await db.got("keep_days")) === undefined && !(await db.got("emptied"));
}

async function forgetDevice(db: Store): Promise<void> {
  await db.transaction("rw", db.meta, db.operations, db.attachments, async () => {
    await db.meta.bulkDelete(["device", "cursor", "told"]);
    await allUnsent(db);
  });
}

/** Everything kept is sent again; the server knows by its ids what it has already. */
async function allUnsent(db: Store): Promise<void> {
  await db.operations
    .where("state")
    .anyOf(["applied", "held", "conflict", "rejected"])
    .modify({ state: "waiting", problem: null });
  const files = db.attachments.where("state").anyOf(["sent", "waiting"]);
  await files.modify({ state: "waiting", begun: false, refused: false, problem: null });
}

async function sameEpoch(db: Store, epoch: string): Promise<boolean> {
  return db.transaction("rw", db.meta, db.operations, db.attachments, async () => {
    const known = await db.got("epoch");
    if (known === epoch) return true;
    await db.keep("epoch", epoch);
    if (known === undefined) return true;
    await db.meta.delete("cursor");
    await allUnsent(db);
    return false;
  });
}

// -- operations and files --------------------------------------------------------------------

async function bringIn(env: Env, device: Device): Promise<void> {
  // A new epoch in the middle means that all is to be sent again, at once, and only once.
  for (let turn = 0; turn < 3; turn += 1) {
    if (!(await pushAll(env, device))) continue;
    await sendFiles(env, device);
    if (await checked(env, device)) return;
  }
}

async function pushAll(env: Env, device: Device): Promise<boolean> {
  const tried = new Set<string>();
  for (;;) {
    const waiting = (await env.db.operations.where("state").equals("waiting").sortBy("seq")).filter(
      (one) => !tried.has(one.op_id),
    );
    if (waiting.length === 0) return true;
    const sent = await parcel(env.vault, waiting, (await env.db.got("parcel")) ?? LARGE);
    if (sent.length === 0) return true;
    for (const one of sent) tried.add(one.op_id);
    if (!(await push(env, device, sent))) return false;
  }
}

/** False where the server began another epoch: all is to be sent again. */
async function push(env: Env, device: Device, all: Sent[]): Promise<boolean> {
  const sent = await marked(env, all);
  const left = await leftAfter(env.db, sent.length);
  const body = await envelope(env, sent, left);
  const answer = await carried(env, sent.length, () => env.server.push(device.token, body));
  await answered(env, sent, answer, left);
  return sameEpoch(env.db, answer.epoch);
}

/** From here on nobody takes them back, whether an answer comes or not; what was taken back just now stays.
 * What a full phone cannot mark so goes all the same, but for what its screen would still take back. */
async function marked(env: Env, all: Sent[]): Promise<Sent[]> {
  const { operations } = env.db;
  const ids = all.map((one) => one.op_id);
  const mark = () =>
    env.db.transaction("rw", operations, async () => {
      const found = await operations.bulkGet(ids);
      await operations.where("op_id").anyOf(ids).filter((one) => one.tried !== true).modify({ tried: true });
      return all.filter((_, place) => found[place] !== undefined);
    });
  try {
    return await withRoom(env.db, mark);
  } catch (error) {
    console.error(error);
    const found = await operations.bulkGet(ids);
    const stays = (one: Sent, place: number) => found[place]?.tried === false && isTick(one);
    env.full ||= all.some(stays);
    return all.filter((one, place) => found[place] && !stays(one, place));
  }
}

/** What does not get through is tried with half as much: on a line that carries little before it breaks,
 * or in the time that the app waits, the same again would never arrive. */
async function carried<T>(env: Env, many: number, work: () => Promise<T>): Promise<T> {
  const size = (await env.db.got("parcel")) ?? LARGE;
  try {
    const answer = await work();
    if (size < LARGE) await env.db.keep("parcel", Math.min(LARGE, size * 2));
    return answer;
  } catch (error) {
    if (error instanceof Unreachable && many > 1) await env.db.keep("parcel", Math.max(SMALL, size / 2));
    throw error;
  }
}

async function leftAfter(db: Store, sent: number): Promise<Left> {
  const waiting = await db.operations.where("state").equals("waiting").count();
  const attachments = await db.attachments.where("state").equals("waiting").count();
  return { operations: Math.max(0, waiting - sent), attachments };
}

/** Once the photos are there, too, the server must not believe them on the phone: should the browser
 * throw its storage away, it would name them as lost. A phone that has just been made known says it
 * once, for until then the server goes by what the one before it had left. */
async function tellLeft(env: Env, device: Device): Promise<void> {
  const told = await env.db.got("told");
  const left = await leftAfter(env.db, 0);
  if (told && left.operations === told.operations && left.attachments === told.attachments) return;
  await push(env, device, []);
}

/** As many as one request carries, in the order in which they were done. */
async function parcel(vault: Vault, waiting: Operation[], most: number): Promise<Sent[]> {
  const sent: Sent[] = [];
  let size = 0;
  for (const one of waiting.slice(0, MANY)) {
    const data = await vault.tried(one.data);
    if (data === null) continue; // it cannot be opened now: the others go on
    const made: Sent = {
      op_id: one.op_id,
      seq: one.seq,
      kind: one.kind,
      record: one.record,
      base_version: one.base_version,
      depends_on: one.depends_on,
      occurred_at: one.occurred_at,
      data,
    };
    size += JSON.stringify(made).length * 3; // Tibetan takes three bytes a letter
    if (sent.length > 0 && size > most) break;
    sent.push(made);
  }
  return sent;
}

async function envelope(env: Env, sent: Sent[], left: Left): Promise<object> {
  const held = (await env.db.rows.where("kind").equals("checklist").toArray()).map((row) => [row.id, row.version]);
  return {
    protocol: PROTOCOL,
    app: APP,
    schema: SCHEMA,
    checklists: Object.fromEntries(held),
    sent_at: stamp(now(env)),
    left,
    operations: sent,
  };
}

async function answered(env: Env, sent: Sent[], answer: Pushed, left: Left): Promise<void> {
  const { db } = env;
  const at = now(env).toISOString();
  await db.transaction("rw", db.operations, db.meta, async () => {
    for (const [place, one] of sent.entries()) {
      const result = answer.results[place];
      if (result !== undefined) await settle(db, one.op_id, result, at);
    }
    await db.keep("clock_difference", answer.clock_difference);
    await db.keep("pushed_at", at);
    await db.keep("told", left);
  });
}

async function settle(db: Store, op_id: string, result: Result, at: string): Promise<void> {
  const again = result.status === "held" && result.stored === false;
  if (again) return; // it stays waiting: the server keeps nothing of it
  await db.operations.update(op_id, {
    state: result.status === "duplicate" ? "applied" : result.status,
    result: result.result,
    problem: problem(result.problem),
    answered_at: at,
  });
}

function problem(trouble: Trouble | null): Operation["problem"] {
  if (trouble === null || trouble === undefined) return null;
  const first = trouble.errors?.[0];
  const message = first?.message ?? trouble.title ?? trouble.message ?? trouble.detail ?? "";
  return { code: codeOf(trouble), message, ...(first ? { field: first.field } : {}) };
}

async function sendFiles(env: Env, device: Device): Promise<void> {
  const waiting = await env.db.attachments.where("state").equals("waiting").filter((one) => !one.refused).toArray();
  const order = await env.db.operations.bulkGet(waiting.map((one) => one.op_id ?? ""));
  const pairs = waiting.map((one, place) => [order[place]?.seq ?? 0, one] as const);
  pairs.sort((one, other) => one[0] - other[0]);
  for (const [, one] of pairs) await sendOne(env, device, one);
}

async function sendOne(env: Env, device: Device, one: Attachment): Promise<void> {
  const { db, vault, server } = env;
  const blob = await db.blobs.get(one.id);
  const bytes = blob && (await vault.tried(blob.box));
  if (!bytes) {
    await db.attachments.update(one.id, { problem: "gone" });
    return;
  }
  const file = {
    id: one.id,
    record: one.record ?? "",
    sha256: one.sha256,
    media: one.media,
    bytes,
    begun: one.begun,
  };
  const begun = () => void db.attachments.update(one.id, { begun: true }).catch(() => undefined);
  try {
    const seen = await server.send(device.token, file, begun);
    if (seen === one.sha256) await arrived(env, one.id);
  } catch (error) {
    // One bad file holds up neither the others nor what comes after it.
    if (!(error instanceof Refused) || !BAD_FILE.has(error.status)) throw error;
    await db.attachments.update(one.id, spoiled(error));
  }
}

const BAD_FILE = new Set([404, 409, 410, 413, 415, 422, 460]);
const ANEW = new Set([404, 460]); // the server has nothing of it: from the first byte, next time

/** What is refused for what it is would be refused again: it waits until the worker sends it again. */
function spoiled(error: Refused): Partial<Attachment> {
  if (ANEW.has(error.status)) return { problem: error.code, begun: false };
  if (error.code === "offset") return { problem: error.code };
  return { problem: error.code, begun: false, refused: true };
}

async function arrived(env: Env, id: string): Promise<void> {
  await env.db.attachments.update(id, { state: "sent", problem: null, sent_at: now(env).toISOString() });
}

// -- what the server says it has -------------------------------------------------------------

/** Compare with the server's list: daily, and whenever something is neither here nor there. */
async function checked(env: Env, device: Device): Promise<boolean> {
  const { db } = env;
  const open =
    (await db.operations.where("state").equals("held").count()) +
    (await db.attachments.where("state").equals("waiting").count());
  const last = (await db.got("checked_at")) ?? "";
  const due = now(env).getTime() - (last ? Date.parse(last) : 0) > DAY;
  if (open === 0 && !due) return true;
  const answers = await allStanding(env, device);
  if (answers.length > 0 && answers[0]!.marker !== device.marker) {
    await forgetDevice(db); // this storage was copied from another phone: it becomes one of its own
    throw new Refused(401, "device", "");
  }
  if (answers.length > 0 && !(await sameEpoch(db, answers[0]!.epoch))) return false;
  if (answers[0]?.worker) await db.keep("worker", answers[0].worker);
  await compare(env, answers, due);
  await db.keep("checked_at", now(env).toISOString());
  return (await db.operations.where("state").equals("waiting").count()) === 0;
}

async function allStanding(env: Env, device: Device): Promise<Standing[]> {
  const pages: Standing[] = [];
  let after = 0;
  for (;;) {
    const page = await env.server.standing(device.token, after);
    pages.push(page);
    const last = page.operations.at(-1)?.seq ?? 0;
    if (!page.more || last <= after) return pages;
    after = last;
  }
}

async function compare(env: Env, pages: Standing[], whole: boolean): Promise<void> {
  const { db } = env;
  const at = now(env).toISOString();
  const operations = pages.flatMap((page) => page.operations);
  const files = new Map(pages.flatMap((page) => page.attachments).map((one) => [one.attachment, one]));
  const missing = new Set(operations.flatMap((one) => one.missing));
  await db.transaction("rw", db.operations, db.attachments, async () => {
    for (const one of operations) {
      const mine = await db.operations.get(one.op_id);
      if (mine?.state === "held" && one.status !== "held") await settle(db, one.op_id, one as Result, at);
    }
    const known = new Set(operations.map((one) => one.op_id));
    if (whole) {
      const lost = (one: Operation) => one.state !== "waiting" && one.problem?.code !== "invalid" && !known.has(one.op_id);
      await db.operations.where("state").anyOf(["applied", "held"]).filter(lost).modify({ state: "waiting" });
    }
    await db.attachments.where("state").equals("waiting").modify((one: Attachment) => {
      const there = files.get(one.id);
      if (there?.status === "verified" && there.sha256 === one.sha256) {
        Object.assign(one, { state: "sent", problem: null, sent_at: at });
      } else if (there?.status === "refused") Object.assign(one, { problem: "refused", refused: true });
    });
    await db.attachments
      .where("state")
      .equals("sent")
      .filter((one) => missing.has(one.id))
      .modify({ state: "waiting", begun: false });
  });
}

// -- what the worker needs -------------------------------------------------------------------

async function fetchRows(env: Env, device: Device): Promise<void> {
  for (;;) {
    const page = await env.server.pull(device.token, (await env.db.got("cursor")) ?? "");
    if (!(await sameEpoch(env.db, page.epoch))) return;
    await store(env, page);
    if (!page.more) return;
  }
}

/** Rows and cursor in one transaction. What is pending lies elsewhere and is never touched here. */
async function store(env: Env, page: Pulled): Promise<void> {
  const { db, vault } = env;
  const boxes = await Promise.all(page.rows.map((row) => (row.data === null ? null : vault.seal(row.data))));
  await db.transaction("rw", db.rows, db.meta, async () => {
    const shut = boxes.find((box) => box !== null && !("open" in box));
    if (shut) await lockStands(db, shut);
    const run = ((await db.got("run")) ?? 0) + (page.reset ? 1 : 0);
    // Some at a time: one by one, or all at once, a weak phone stands still over five hundred of them.
    const last = new Map(page.rows.map((row, place) => [`${row.kind} ${row.id}`, { ...row, box: boxes[place] }]));
    const [gone, came] = [[...last.values()].filter((row) => !row.box), [...last.values()].filter((row) => row.box)];
    await db.rows.bulkDelete(gone.map((row) => [row.kind, row.id] as [string, string]));
    const rows = came.map(({ kind, id, version, box }) => ({ kind, id, version, run, box }) as Row);
    for (let at = 0; at < rows.length; at += SOME) await db.rows.bulkPut(rows.slice(at, at + SOME));
    // Where it began anew, what did not come again is the worker's no longer.
    if (!page.more) await db.rows.filter((row) => row.run < run && row.kind !== SHOT).delete();
    await db.keep("run", run);
    await db.keep("cursor", page.cursor);
    if (page.expires_at) await db.keep("expires_at", page.expires_at);
    await db.keep("pulled_at", now(env).toISOString());
  });
}
