// A server in memory that keeps to docs/sync.md, with faults to order: what it answers can be lost
// after it did its work, as on a weak network, and a file can break off in the middle.
import { sha256, uuid7 } from "../ids.ts";
import { type Pulled, type PulledRow, type Pushed, Refused, type Registered, type Result, type Sent, type Server, type Standing, type ToSend, Unreachable } from "../server.ts";

type Status = Result["status"];

interface Known {
  device: string;
  marker: string;
  revoked: boolean;
  left: { operations: number; attachments: number };
}

/** An operation as it is stored, and of which phone. */
interface Stored extends Result {
  sent: Sent;
}

const ENDED = new Set<Status>(["conflict", "rejected"]);

export class Fake implements Server {
  epoch = uuid7();
  devices = new Map<string, Known>();
  effects: Sent[] = []; // in the order in which they were done
  stored = new Map<string, Stored>();
  files = new Map<string, string>(); // attachment → hash of the bytes that came whole
  begun = new Set<string>(); // known, and not whole
  rows: PulledRow[] = [];
  signedIn = true;
  cookie = ""; // token of the phone that registered last in this browser
  cut = 0; // so many of the next requests never arrive
  carries = Number.POSITIVE_INFINITY; // so many operations of one push; more take longer than the app waits
  lost = 0; // so many of the next answers never arrive, though the work was done
  broken = 0; // so many of the next files break off in the middle
  busy = 0; // so many of the next operations are put off without being stored
  reject = new Set<string>(); // records
  moved = new Set<string>(); // records of cases that somebody else moved on
  stands = new Map<string, string>(); // how a register's entries stand
  spoiled = new Set<string>(); // files that are no picture
  uploads = 0; // how often a file was sent whole
  pages = 2; // rows a page
  scope = uuid7();

  worker = uuid7(); // who is signed in

  async register(_name = "", _app = "", _schema = 1, worker?: string): Promise<Registered> {
    if (!this.signedIn) throw new Refused(401, "session", "Sign in first.");
    if (worker !== undefined && worker !== this.worker) throw new Refused(403, "other_user", "Somebody else.");
    const former = this.devices.get(this.cookie);
    if (former?.revoked) throw new Refused(403, "revoked", "Revoked.");
    const [device, token, marker] = [uuid7(), uuid7(), uuid7()];
    this.devices.set(token, { device, marker, revoked: false, left: { operations: 0, attachments: 0 } });
    this.cookie = token;
    const evicted = former ? { name: "", last_seen_on: "2026-11-20", ...former.left } : null;
    return { device, token, epoch: this.epoch, marker, keep_days: 35, worker: this.worker, evicted };
  }

  revoke(): void {
    for (const one of this.devices.values()) one.revoked = true;
  }

  /** Somebody types the password again, which says more than a session that went on. */
  signIn(): void {
    this.signedIn = true;
    if (this.devices.get(this.cookie)?.revoked) this.cookie = "";
  }

  #who(token: string): Known {
    if (this.cut > 0) {
      this.cut -= 1;
      throw new Unreachable();
    }
    const who = this.devices.get(token);
    if (who === undefined) throw new Refused(401, "device", "Unknown phone.");
    if (who.revoked) {
      this.signedIn = false;
      throw new Refused(403, "revoked", "Revoked.");
    }
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
    const who = this.#who(token);
    const { operations, left } = JSON.parse(JSON.stringify(body)) as { operations: Sent[]; left: Known["left"] };
    if (operations.length > this.carries) throw new Unreachable();
    if (operations.length > 100) throw new Refused(413, "large", "Too many.");
    who.left = left;
    const results = operations.map((one) => this.#take(one));
    return this.#arrives({ epoch: this.epoch, clock_difference: 0, results });
  }

  #take(one: Sent): Result {
    const before = this.stored.get(one.op_id);
    if (before) return before.status === "applied" ? { ...before, status: "duplicate" } : before;
    if (this.busy > 0) {
      this.busy -= 1;
      const problem = { type: "/problems/again" };
      return { op_id: one.op_id, status: "held", stored: false, result: null, problem };
    }
    const made: Stored = { op_id: one.op_id, status: "held", stored: true, result: null, problem: null, sent: one };
    this.stored.set(one.op_id, made);
    this.#settle();
    return made;
  }

  /** What waited for something that is there now is done, and what waited for that in turn. */
  #settle(): void {
    for (let again = true; again; ) {
      again = false;
      for (const one of this.stored.values()) {
        if (one.status !== "held" || this.#waitsFor(one.sent).length > 0) continue;
        this.#apply(one);
        again = true;
      }
    }
  }

  #waitsFor(one: Sent): string[] {
    const files = one.kind === "checklist" ? this.#named(one) : [];
    return [...one.depends_on.filter((id) => !this.#met(id)), ...files.filter((id) => !this.#there(id))];
  }

  /** An operation that ended otherwise than well holds nobody up, except a report that is no case. */
  #met(id: string): boolean {
    if (this.files.has(id)) return true;
    const named = [...this.stored.values()].filter((one) => one.sent.op_id === id || one.sent.record === id);
    return named.some((one) => one.status === "applied" || (one.sent.kind !== "report" && ENDED.has(one.status)));
  }

  /** A file that is here, or that its worker gave up. */
  #there(id: string): boolean {
    return this.files.has(id) || this.effects.some((one) => one.kind === "leave_out" && one.record === id);
  }

  #named(one: Sent): string[] {
    return (one.data.attachments as string[] | undefined) ?? [];
  }

  #apply(one: Stored): void {
    const { record, kind } = one.sent;
    if (this.reject.has(record) || this.reject.has(String(one.sent.data.round))) {
      one.status = "rejected";
      one.problem = { type: "/problems/place", title: "No such place." };
    } else if (kind === "act" && this.moved.has(record)) {
      one.status = "conflict";
      one.problem = { type: "/problems/moved", title: "The case has moved on." };
    } else if (kind === "entry" && this.#clashes(one.sent)) {
      one.status = "conflict";
      one.problem = { type: "/problems/same_field", title: "Somebody else said otherwise." };
    } else {
      one.status = "applied";
      one.result = {};
      this.effects.push(one.sent);
    }
  }

  #clashes(one: Sent): boolean {
    const { from, to } = (one.data.changes as { state: { from: string; to: string } }).state;
    const clashes = ![from, to].includes(this.stands.get(one.record) ?? from);
    if (!clashes) this.stands.set(one.record, to);
    return clashes;
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

  async standing(token: string, after: number): Promise<Standing> {
    const { marker } = this.#who(token);
    const listed = [...this.stored.values()].filter((one) => one.sent.seq > after);
    listed.sort((one, other) => one.sent.seq - other.sent.seq);
    const page = listed.slice(0, 7);
    const operations = page.map((one) => ({
      op_id: one.sent.op_id, seq: one.sent.seq, status: one.status, result: one.result, problem: one.problem,
      missing: this.#named(one.sent).filter((id) => !this.#there(id)),
    }));
    const whole = [...this.files].map(([attachment, hash]) => ({ attachment, status: "verified", sha256: hash, problem: null }));
    const parts = [...this.begun].map((attachment) => ({ attachment, status: this.spoiled.has(attachment) ? "refused" : "receiving", sha256: "", problem: null }));
    return this.#arrives({ epoch: this.epoch, marker, more: listed.length > page.length, operations, attachments: [...whole, ...parts] });
  }

  async send(token: string, file: ToSend, moved: () => void): Promise<string> {
    this.#who(token);
    if (!this.files.has(file.id)) this.begun.add(file.id);
    moved();
    if (this.broken > 0) {
      this.broken -= 1;
      throw new Unreachable();
    }
    if (this.files.has(file.id)) return this.#arrives(this.files.get(file.id)!);
    this.uploads += 1;
    if (this.spoiled.has(file.id)) throw new Refused(422, "image", "This is no picture.");
    this.begun.delete(file.id);
    this.files.set(file.id, await sha256(file.bytes));
    this.#settle();
    return this.#arrives(this.files.get(file.id)!);
  }

  #kept: { stored: Stored[]; effects: Sent[]; files: [string, string][]; devices: [string, Known][] } = { stored: [], effects: [], files: [], devices: [] };

  backup(): void {
    const stored = [...this.stored.values()].map((one) => ({ ...one }));
    this.#kept = { stored, effects: [...this.effects], files: [...this.files], devices: [...this.devices] };
  }

  /** The last backup is brought back; without one, an empty server. Phones made known since are lost. */
  restore(keepsPhones = true): void {
    this.epoch = uuid7();
    this.stored = new Map(this.#kept.stored.map((one) => [one.sent.op_id, { ...one }]));
    this.effects = [...this.#kept.effects];
    this.files = new Map(this.#kept.files);
    this.begun.clear();
    if (!keepsPhones) this.devices = new Map(this.#kept.devices);
  }
}
