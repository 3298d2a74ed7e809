// What the phone keeps, in IndexedDB. Every write waits until it is on the disk ("strict"): a record
// is called saved only then.
import Dexie, { type DexieOptions, type Table } from "dexie";
import type { Box, Lock } from "./vault.ts";

export const NAME = "lingka-field";
export const SCHEMA = 1;
export const SHOT = "shot"; // the kind of row of a photo that others took of a case

export type Kind = "report" | "act" | "round_start" | "round_stop" | "round_end" | "checklist" | "place" | "entry" | "leave_out" | "task";
// "noted": refused, and the worker has read why. "replaced": refused, and sent again as another.
export type State = "waiting" | "held" | "conflict" | "rejected" | "noted" | "replaced" | "applied";

/** What the tray says of a record: in the worker's own words, not the protocol's. */
export interface About {
  title: string;
  place: string;
  icon: string;
}

/** Why the server did not take something as it came. */
export interface Problem {
  code: string;
  message: string;
  field?: string;
}

export interface Operation {
  op_id: string;
  seq: number;
  kind: Kind;
  record: string;
  base_version: number | null;
  depends_on: string[];
  occurred_at: string;
  state: State;
  data: Box<Record<string, unknown>>;
  about: Box<About>;
  bytes: number;
  problem: Problem | null;
  result: unknown;
  answered_at: string | null;
  tried?: boolean; // false until a push carries it; an older app did not write it down
}

export interface Attachment {
  id: string;
  op_id: string | null; // none while it belongs to a draft
  draft: string | null;
  record: string | null;
  media: string;
  size: number;
  sha256: string;
  state: "draft" | "waiting" | "sent" | "left"; // "left": refused, and the worker gave it up
  begun: boolean; // the server knows of it
  problem: string | null;
  refused?: boolean; // not sent by itself again
  sent_at: string | null;
}

export interface Blob_ {
  id: string;
  box: Box<ArrayBuffer>;
}

export interface Draft {
  id: string; // "report", or a checklist's place
  box: Box<Record<string, unknown>>;
  at: string;
}

export interface Row {
  kind: string;
  id: string;
  version: number;
  run: number; // which beginning anew brought it
  box: Box<Record<string, unknown>>;
}

/** How much is on the phone only, as the server last heard it. */
export interface Left {
  operations: number;
  attachments: number;
}

export interface Device {
  device: string;
  token: string;
  marker: string;
}

export interface Meta {
  seq: number;
  epoch: string;
  cursor: string;
  run: number;
  expires_at: string;
  device: Device;
  worker: string; // whose records these are
  keep_days: number;
  lock: Lock;
  clock_difference: number;
  pushed_at: string;
  pulled_at: string;
  paused: Paused | null;
  evicted: { on: string; operations: number; attachments: number };
  checked_at: string;
  revoked: boolean; // stays when all else is erased
  emptied: boolean; // on purpose: stays until the phone is known again
  told: Left;
  parcel: number; // bytes of a push that this line carries
  budget: number; // bytes that the worker allows for photos
  rescued: { seq: number; at: string }; // how far the last rescue file goes
  app: string;
}

export interface Paused {
  why: "offline" | "signed_out" | "refused" | "full";
  code: string;
  message: string;
}

export class Store extends Dexie {
  operations!: Table<Operation, string>;
  attachments!: Table<Attachment, string>;
  blobs!: Table<Blob_, string>;
  drafts!: Table<Draft, string>;
  rows!: Table<Row, [string, string]>;
  meta!: Table<{ key: string; value: unknown }, string>;

  constructor(name = NAME, options: DexieOptions = {}) {
    super(name, { chromeTransactionDurability: "strict", ...options });
    this.version(SCHEMA).stores({
      operations: "op_id, &seq, state, record",
      attachments: "id, state, op_id, draft",
      blobs: "id",
      drafts: "id",
      rows: "[kind+id], kind",
      meta: "key",
    });
  }

  async got<K extends keyof Meta>(key: K): Promise<Meta[K] | undefined> {
    return (await this.meta.get(key))?.value as Meta[K] | undefined;
  }

  async keep<K extends keyof Meta>(key: K, value: Meta[K]): Promise<void> {
    await this.meta.put({ key, value });
  }
}
