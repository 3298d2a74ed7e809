// Days of bad luck, made from a seed: requests and answers that are lost, files that break off, a phone
// that dies between two steps, a server brought back from a backup, sessions that end, rounds that were
// cancelled and cases that others moved on. What was called saved arrives exactly once with the bytes
// that were taken, or stands in the tray with the reason. CHAOS=200 runs more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../db.ts";
import { uuid7 } from "../ids.ts";
import { sync } from "../sync.ts";
import { pending } from "../tray.ts";
import { type Phone, act, phone, report, walk } from "./helpers.ts";

const RUNS = Number(process.env.CHAOS ?? 12);
const FIRST = 20261121;
type Roll = (sides: number) => number;

/** Numbers that look thrown, the same for the same seed (mulberry32). */
function dice(seed: number): Roll {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

/** What was saved, and what is to become of it. */
interface Told {
  arrives: string[];
  stays: string[]; // in the tray, with its reason
  reports: string[]; // records that become cases
  refused: string[]; // records that do not
}

/** The app starts again on what the disk holds. */
async function starts(at: Phone): Promise<void> {
  const name = at.db.name;
  at.db.close();
  at.db = new Store(name);
  at.env.db = at.db;
  await at.db.open();
}

async function reports(at: Phone, roll: Roll, told: Told): Promise<void> {
  const refused = roll(6) === 0;
  const record = uuid7();
  if (refused) at.server.reject.add(record);
  const one = await report(at, roll(3), record);
  told[refused ? "stays" : "arrives"].push(one.op_id);
  told[refused ? "refused" : "reports"].push(record);
}

/** On a case that was fetched, on one that others moved on, or on one that this phone reported. */
async function acts(at: Phone, roll: Roll, told: Told): Promise<void> {
  const [fetched, moved] = [uuid7(), uuid7()];
  at.server.moved.add(moved);
  const own = [...told.reports, ...told.refused];
  const record = [fetched, moved, own[roll(own.length || 1)] ?? fetched][roll(3)]!;
  for (let count = 0; count < 2; count += 1) {
    const one = await act(at, record, roll(2));
    told[record === moved || told.refused.includes(record) ? "stays" : "arrives"].push(one.op_id);
  }
}

async function walks(at: Phone, roll: Roll, told: Told): Promise<void> {
  const round = uuid7();
  const cancelled = roll(3) === 0;
  if (cancelled) at.server.reject.add(round);
  const saved = await walk(at, round, 1 + roll(4));
  told[cancelled ? "stays" : "arrives"].push(...saved.map((one) => one.op_id));
}

async function misfortune(at: Phone, roll: Roll): Promise<void> {
  const { server } = at;
  const faults = [
    () => (server.lost = roll(4)),
    () => (server.cut = roll(4)),
    () => (server.broken = roll(3)),
    () => (server.busy = roll(3)),
    () => server.backup(),
    () => roll(3) === 0 && server.restore(roll(3) > 0),
    () => (server.signedIn = roll(3) > 0),
    () => starts(at),
  ];
  await faults[roll(faults.length)]!();
}

async function step(at: Phone, roll: Roll, told: Told): Promise<void> {
  const deeds = [reports, reports, acts, walks];
  const thrown = roll(12);
  if (thrown < deeds.length) await deeds[thrown]!(at, roll, told);
  else if (thrown < 10) await misfortune(at, roll);
  else await sync(at.env);
}

for (let run = 0; run < RUNS; run += 1) {
  test(`whatever happens, all that was saved arrives once (seed ${FIRST + run})`, async () => {
    const roll = dice(FIRST + run);
    const at = await phone();
    const told: Told = { arrives: [], stays: [], reports: [], refused: [] };
    for (let count = 0; count < 60; count += 1) await step(at, roll, told);
    Object.assign(at.server, { lost: 0, cut: 0, broken: 0, busy: 0, signedIn: true });
    for (let count = 0; count < 4; count += 1) await sync(at.env);
    const left = await pending(at.db, at.vault);
    assert.deepEqual(left.map((one) => one.operation.op_id).sort(), told.stays.sort());
    assert.deepEqual(at.server.effects.map((one) => one.op_id).sort(), told.arrives.sort());
    for (const one of await at.db.attachments.toArray()) assert.equal(at.server.files.get(one.id), one.sha256);
  });
}
