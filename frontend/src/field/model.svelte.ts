// What the screens show: the rows that were fetched, and over them what this phone did since.
import { liveQuery } from "dexie";
import { NoRoom, keepDraft, readDraft, refusal, save as store, type Taken } from "./capture.ts";
import { type Operation, type Paused, SHOT, Store } from "./db.ts";
import { type Drafted, openDrafts } from "./drafts.ts";
import { expire } from "./expiry.ts";
import { bring } from "./pieces.svelte.ts";
import { readRound } from "./rounds.ts";
import type { Case, CaseType, Entry, Grid, Held, Me, Place, Register, Round, Task } from "./shapes.ts";
import { breath } from "./steps.ts";
import { dayIn } from "./times.ts";
import { type Pending, pending } from "./tray.ts";
import { Vault, isLeftAlone } from "./vault.ts";
import { look, t } from "./words.svelte.ts";

export const db = new Store();
export const vault = new Vault();

export interface Did {
  operation: Operation;
  data: Record<string, unknown>;
}

interface Install extends Event {
  prompt(): Promise<void>;
}

class Model {
  ready = $state(false);
  locked = $state(false);
  online = $state(navigator.onLine);
  syncing = $state(false);
  fetching = $state(false); // nothing of the worker's is here yet, and it is just coming
  persisted = $state(false);
  now = $state.raw(new Date());
  toast = $state.raw<{ words: string; icon: string } | null>(null);

  me = $state.raw<Me | null>(null);
  grids = $state.raw<Grid[]>([]);
  places = $state.raw<Place[]>([]);
  cases = $state.raw<Case[]>([]);
  types = $state.raw<CaseType[]>([]);
  rounds = $state.raw<Round[]>([]);
  checklists = $state.raw<Held[]>([]);
  tasks = $state.raw<Task[]>([]);
  registers = $state.raw<Register[]>([]);
  entries = $state.raw<Entry[]>([]);
  pending = $state.raw<Pending[]>([]);
  drafts = $state.raw<Drafted[]>([]);
  unkept = $state(false); // the last change of a draft is on the screen only
  done = $state.raw<Did[]>([]); // what this phone did in the last days
  paused = $state.raw<Paused | null>(null);
  full = $state(false); // of a full phone nothing may be written, so this is kept nowhere
  install = $state.raw<Install | null>(null); // the browser offers to put the app on the home screen
  facts = $state.raw<Record<string, unknown>>({});

  /** The day in the town, which is what rounds go by, wherever the phone thinks that it is. */
  get day(): string {
    return dayIn(this.me?.zone, this.now);
  }

  place(id: string | null): Place | undefined {
    return id === null ? undefined : this.places.find((one) => one.id === id);
  }
  register(key: string): Register | undefined {
    return this.registers.find((one) => one.id === key);
  }
  type(id: string): CaseType | undefined {
    return this.types.find((one) => one.id === id);
  }
  case(id: string): Case | undefined {
    return this.cases.find((one) => one.id === id);
  }
  round(id: string): Round | undefined {
    return this.rounds.find((one) => one.id === id);
  }
  checklist(key: string): Held | undefined {
    return this.checklists.find((one) => one.id === key);
  }
}

export const model = new Model();

const RECENT = 3 * 86_400_000;
const OPEN = ["waiting", "held", "conflict", "rejected"]; // however long ago, and however many

async function readRows() {
  const rows = await db.rows.where("kind").notEqual(SHOT).toArray();
  const opened = await Promise.all(
    rows.map(async (row) => {
      const body = await vault.tried(row.box);
      return { kind: body === null ? "" : row.kind, one: { ...body, id: row.id, version: row.version } };
    }),
  );
  const of = <T>(kind: string) => opened.filter((row) => row.kind === kind).map((row) => row.one as unknown as T);
  model.me = of<Me>("me")[0] ?? null;
  model.grids = of<Grid>("grid");
  model.places = of<Place>("place");
  model.cases = of<Case>("case");
  model.types = of<CaseType>("case_type");
  model.tasks = of<Task>("task");
  model.registers = of<Register>("register");
  model.entries = of<Entry>("entry");
  model.rounds = of<Record<string, unknown> & { id: string }>("round").map(readRound);
  model.checklists = of<Held & Record<string, unknown>>("checklist").map((one) => ({
    id: one.id,
    version: one.version,
    body: one.body ?? (one as unknown as Held["body"]),
  }));
  remember(model.me !== null);
}

/** For the frame that the next start draws before anything is read. */
function remember(kept: boolean): void {
  try {
    if (kept) localStorage.setItem("field-kept", "1");
    else localStorage.removeItem("field-kept");
  } catch (error) {
    console.error(error); // no room: it only looks different for a moment
  }
}

async function readDone() {
  const since = Date.now() - RECENT;
  const recent = await db.operations.orderBy("seq").reverse().limit(400).toArray();
  const open = await db.operations.where("state").anyOf(OPEN).toArray();
  const all = new Map([...recent, ...open].map((one) => [one.op_id, one]));
  const kept = [...all.values()].filter(
    (one) => one.state !== "replaced" && (OPEN.includes(one.state) || Date.parse(one.occurred_at) > since),
  );
  kept.sort((one, other) => other.seq - one.seq);
  model.done = await Promise.all(
    kept.map(async (operation) => ({ operation, data: (await vault.tried(operation.data)) ?? {} })),
  );
}

/** Told at once and whenever what it reads of has changed; resolves when it was told the first time. */
function told<T>(ask: () => Promise<T>, tell: (found: T) => unknown): Promise<void> {
  const failed = (error: unknown) => console.error(error);
  return new Promise((done) => {
    const next = async (found: T) => tell(found);
    const error = (trouble: unknown) => (failed(trouble), done());
    liveQuery(ask).subscribe({ next: (found) => void next(found).catch(failed).then(() => done()), error });
  });
}

function follow(): Promise<unknown> {
  const pulled = () => db.rows.count().then(() => db.got("pulled_at"));
  const tray = async () => [await db.operations.count(), await db.attachments.toArray(), await db.operations.toArray()];
  return Promise.all([
    // Of a first fetch nothing is shown before all of it is there: it would move under the thumb.
    told(pulled, () => model.fetching || readRows()),
    told(tray, () => Promise.all([readDone(), pending(db, vault).then((found) => (model.pending = found))])),
    told(() => db.drafts.toArray(), () => openDrafts(db, vault).then((found) => (model.drafts = found))),
    told(() => db.meta.toArray(), async (all) => {
      if (all.some((one) => one.key === "revoked")) await bring("revoked").catch(console.error);
      model.facts = Object.fromEntries(all.map((one) => [one.key, one.value]));
      model.paused = (model.facts.paused as Paused | undefined) ?? null;
    }),
  ]);
}

export async function start(): Promise<void> {
  await db.open();
  await breath();
  await expire(db);
  if (await db.got("lock")) {
    vault.close();
    model.locked = true;
  } else {
    await ready();
  }
}

/** Once the screen is drawn: the network, and what the browser tells of it. */
export async function goOn(): Promise<void> {
  listen();
  void exchanging().then(({ askToPersist }) => askToPersist()).then((yes) => (model.persisted = yes), console.error);
  await syncNow();
}

/** After the PIN opened the storage, or at once where there is none. */
export async function ready(): Promise<void> {
  model.locked = false;
  await follow();
  model.fetching = model.me === null && model.online && !model.facts.revoked;
  model.ready = true;
}

const tabs = new BroadcastChannel("lingka-field");

/** The PIN was set or taken away, or the phone emptied: what other tabs hold is no longer right. */
export function tellTabs(): void {
  tabs.postMessage("anew");
}

/** With no exchange going on, in this tab or another. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  return (await navigator.locks.request("lingka-field-sync", work)) as T;
}

function listen(): void {
  tabs.onmessage = () => location.reload();
  const turned = () => {
    model.online = navigator.onLine;
    if (model.online) void syncNow();
  };
  addEventListener("online", turned);
  addEventListener("offline", turned);
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    model.install = event as Install;
  });
  addEventListener("appinstalled", () => (model.install = null));
  let unseen = 0; // since when
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") unseen = Date.now();
    else if (isLeftAlone(unseen, Date.now()) && model.facts.lock !== undefined) return location.reload();
    model.now = new Date();
    if (document.visibilityState === "visible") void syncNow();
  });
  setInterval(() => {
    model.now = new Date();
    if (document.visibilityState === "visible") void syncNow();
  }, 60_000);
}

/** All that speaks with the server: a piece of its own, for the screen does not wait for it. */
const exchanging = () => import("./exchange.ts");

let again = false;
let tries = 0;
let later: ReturnType<typeof setTimeout> | undefined;

/** 1, 2, 4 … 300 seconds, with chance: three hundred phones must not come back all at once. */
function retry(paused: Paused | null): void {
  clearTimeout(later);
  if (paused?.why !== "offline") return void (tries = 0);
  const wait = Math.min(300, 2 ** tries) * (0.5 + Math.random());
  tries += 1;
  later = setTimeout(() => void syncNow(), wait * 1000);
}

/** One round at a time, in one tab; what was written meanwhile gets another. */
export async function syncNow(): Promise<void> {
  if (!navigator.onLine) return void (model.fetching = false);
  if (model.syncing) {
    again = true;
    return;
  }
  model.syncing = true;
  let whole = false;
  try {
    const { exchange } = await exchanging();
    await navigator.locks.request("lingka-field-sync", { ifAvailable: true }, async (lock) => {
      if (lock === null) return;
      const paused = await exchange(db, vault, phoneName());
      whole = paused === null;
      model.full = paused?.why === "full";
      retry(paused);
    });
  } catch (error) {
    console.error(error);
  } finally {
    model.syncing = false;
    if (model.fetching) await readRows().catch(console.error);
    model.fetching = false;
  }
  if (whole) void listened().catch(console.error);
  if (again) {
    again = false;
    void syncNow();
  }
}

async function listened(): Promise<void> {
  const { fetchSounds } = await exchanging();
  await fetchSounds(model.checklists, look.language);
}

function phoneName(): string {
  const model_ = /Android [^;)]*; ([^;)]+)/.exec(navigator.userAgent)?.[1];
  return (model_?.replace(/ Build.*/, "").trim() || t("phone")).slice(0, 80);
}

/** Does what writes to the disk; answers nothing, or in words that it was not written, and why. */
export async function written(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "";
  } catch (error) {
    console.error(error);
    return t(refusal(error));
  }
}

/** Written down for good, and only then called saved; else answers what the screen has to say. */
export async function save(taken: () => Taken | Promise<Taken>, words = ""): Promise<string> {
  let operation: Operation | undefined;
  const trouble = await written(async () => (operation = await store(db, vault, await taken())));
  if (operation === undefined) return trouble;
  await written(() => log(operation!)); // whatever becomes of the log, it is saved
  tell(words || (model.online ? t("saved_online") : t("saved_offline")), "check");
  tries = 0; // whoever works now need not wait for as long as a phone that lies in a drawer
  void syncNow();
  return "";
}

async function log(operation: Operation): Promise<void> {
  // A log outside of this page (and the tests) can compare what was called saved with what arrived.
  const files = await db.attachments.where("op_id").equals(operation.op_id).toArray();
  const hashes = files.map((one) => ` ${one.id}:${one.sha256}`).join("");
  console.info(`saved ${operation.op_id} ${operation.kind} ${operation.record}${hashes}`);
}

let hush: ReturnType<typeof setTimeout> | undefined;

export function tell(words: string, icon: string): void {
  model.toast = { words, icon };
  clearTimeout(hush);
  hush = setTimeout(() => (model.toast = null), 4000);
}

const keeping = new Set<Promise<unknown>>();

export const drafts = {
  keep: (id: string, value: Record<string, unknown>) => {
    const kept = keepDraft(db, vault, id, value).then(
      () => (model.unkept = false),
      (error: unknown) => {
        console.error(error);
        model.unkept = true;
        tell(error instanceof NoRoom ? t("no_room") : t("draft_unkept"), "circle-alert");
      },
    );
    keeping.add(kept);
    return kept.finally(() => keeping.delete(kept));
  },
  /** When all that was typed until now is on the disk, or known as not kept. */
  kept: async () => void (await Promise.all(keeping)),
  read: <T>(id: string) => readDraft<T>(db, vault, id),
};
