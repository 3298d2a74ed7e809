// A server in memory that keeps to docs/sync.md, with faults to order: what it answers can be lost
// after it did its work, as on a weak network.
import { sha256, uuid7 } from "../ids.ts";
import { type Pulled, type PulledRow, type Pushed, Refused, type Result, type Sent, type Server, type Standing, type ToSend, Unreachable } from "../server.ts";

export class Fake implements Server {
  epoch = uuid7();
  devices = new Map<string, { device: string; marker: string; revoked: boolean }>();
  effects: Sent[] = []; // in the order in which they were done
  stored = new Map<string, Result>();
  files = new Map<string, string>(); // attachment → hash of the bytes that came
  rows: PulledRow[] = [];
  signedIn = true;
  cut = 0; // so many of the next requests never arrive
  lost = 0; // so many of the next answers never arrive, though the work was done
  reject = new Set<string>();
  pages = 2; // rows a page
  scope = uuid7();

  async register(): ReturnType<Server["register"]> {
    if (!this.signedIn) throw new Refused(401, "session", "Sign in first.");
    const [device, token, marker] = [uuid7(), uuid7(), uuid7()];
    this.devices.set(token, { device, marker, revoked: false });
    return { device, token, epoch: this.epoch, marker, keep_days: 35, evicted: null };
  }

  #who(token: string) {
    if (this.cut > 0) {
      this.cut -= 1;
      throw new Unreachable();
    }
    const who = this.devices.get(token);
    if (who === undefined) throw new Refused(401, "device", "Unknown phone.");
    if (who.revoked) throw new Refused(403, "revoked", "Revoked.");
    return who;
  }

  #arrives<T>(answer: T): T {
    if (this.lost > 0) {
      this.lost -= 1;
      throw new Unreachable();
    }
    return answer;
  }

  async push(token: string, body: object): Promise<Pushed> {
    this.#who(token);
    const { operations } = JSON.parse(JSON.stringify(body)) as { operations: Sent[] };
    if (operations.length > 100) throw new Refused(413, "large", "Too many.");
    const results = operations.map((one) => this.#apply(one));
    return this.#arrives({ epoch: this.epoch, clock_difference: 0, results });
  }

  #apply(one: Sent): Result {
    const before = this.stored.get(one.op_id);
    if (before) return before.status === "applied" ? { ...before, status: "duplicate" } : before;
    const result: Result = { op_id: one.op_id, status: "applied", stored: true, result: {}, problem: null };
    if (this.reject.has(one.record)) {
      result.status = "rejected";
      result.problem = { type: "/problems/place", title: "No such place." };
    } else if (one.depends_on.some((id) => !this.stored.has(id))) {
      result.status = "held";
    } else this.effects.push(one);
    this.stored.set(one.op_id, result);
    return result;
  }

  async pull(token: string, cursor: string): Promise<Pulled> {
    this.#who(token);
    if (!this.signedIn) throw new Refused(401, "session", "Sign in first.");
    const [scope, place] = cursor.split(":");
    const known = scope === this.scope;
    const from = known ? Number(place) : 0;
    const rows = this.rows.slice(from, from + this.pages);
    const more = from + rows.length < this.rows.length;
    return this.#arrives({ epoch: this.epoch, cursor: `${this.scope}:${from + rows.length}`, more, reset: !known, rows });
  }

  async standing(token: string): Promise<Standing> {
    const { marker } = this.#who(token);
    const operations = [...this.stored.entries()].map(([op_id, one], place) => ({
      op_id, seq: place + 1, status: one.status, missing: [], result: one.result, problem: one.problem,
    }));
    const attachments = [...this.files].map(([attachment, hash]) => ({ attachment, status: "verified", sha256: hash, problem: null }));
    return { epoch: this.epoch, marker, more: false, operations, attachments };
  }

  async send(token: string, file: ToSend, moved: () => void): Promise<string> {
    this.#who(token);
    moved();
    this.files.set(file.id, await sha256(file.bytes));
    return this.#arrives(this.files.get(file.id)!);
  }

  #kept: { stored: [string, Result][]; effects: Sent[]; files: [string, string][] } = { stored: [], effects: [], files: [] };

  backup(): void {
    this.#kept = { stored: [...this.stored], effects: [...this.effects], files: [...this.files] };
  }

  /** The last backup is brought back; without one, an empty server. */
  restore(): void {
    this.epoch = uuid7();
    this.stored = new Map(this.#kept.stored);
    this.effects = [...this.#kept.effects];
    this.files = new Map(this.#kept.files);
  }
}
