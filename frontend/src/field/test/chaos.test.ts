// Days of bad luck, made from a seed: requests and answers that are lost, a phone that dies between
// two steps, a server brought back from a backup, sessions that end. What was called saved arrives
// exactly once with the bytes that were taken. CHAOS=200 runs more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../db.ts";
import { sync } from "../sync.ts";
import { pending } from "../tray.ts";
import { type Phone, phone, report } from "./helpers.ts";

const RUNS = Number(process.env.CHAOS ?? 12);
const FIRST = 20261121;

/** Numbers that look thrown, the same for the same seed (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

/** The app starts again on what the disk holds. */
async function starts(at: Phone): Promise<void> {
  const name = at.db.name;
  at.db.close();
  at.db = new Store(name);
  at.env.db = at.db;
  await at.db.open();
}

async function step(at: Phone, roll: (sides: number) => number, saved: string[]): Promise<void> {
  const { server } = at;
  switch (roll(10)) {
    case 0:
    case 1:
    case 2:
      saved.push((await report(at, roll(3))).op_id);
      break;
    case 3:
      server.lost = roll(4);
      break;
    case 4:
      server.cut = roll(4);
      break;
    case 5:
      server.backup();
      break;
    case 6:
      if (roll(3) === 0) server.restore();
      break;
    case 7:
      server.signedIn = roll(3) > 0;
      break;
    case 8:
      await starts(at);
      break;
    default:
      await sync(at.env);
  }
}

for (let run = 0; run < RUNS; run += 1) {
  test(`whatever happens, all that was saved arrives once (seed ${FIRST + run})`, async () => {
    const roll = dice(FIRST + run);
    const at = await phone();
    const saved: string[] = [];
    for (let count = 0; count < 40; count += 1) await step(at, roll, saved);
    Object.assign(at.server, { lost: 0, cut: 0, signedIn: true });
    for (let count = 0; count < 3; count += 1) await sync(at.env);
    assert.deepEqual(await pending(at.db, at.vault), []);
    assert.deepEqual(at.server.effects.map((one) => one.op_id).sort(), [...saved].sort());
    for (const one of await at.db.attachments.toArray()) assert.equal(at.server.files.get(one.id), one.sha256);
  });
}
