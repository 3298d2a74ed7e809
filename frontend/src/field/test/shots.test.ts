import assert from "node:assert/strict";
import { test } from "node:test";
import { uuid7 } from "../ids.ts";
import { heavyShots, shotOf } from "../shots.ts";
import { tidy } from "../storage.ts";
import { makeLock } from "../vault.ts";
import { phone } from "./helpers.ts";

const jpeg = () => Promise.resolve(new Response(new Uint8Array(900), { headers: { "Content-Type": "image/jpeg" } }));
const away = () => Promise.reject(new TypeError("no network"));

async function carrying() {
  const at = await phone();
  const of = { id: uuid7(), number: "HJM3PH1" };
  at.server.rows = [{ kind: "case", id: of.id, version: 1, data: {} }];
  await at.sync();
  const see = async () => (await shotOf(at.db, at.vault, of, "0192"))?.byteLength ?? null;
  return { ...at, of, see };
}

test("a photo of a case that was seen once is there without a network, in the same boxes as all else", async (context) => {
  const at = await carrying();
  const { lock, key } = await makeLock("271828", 1);
  await at.db.keep("lock", lock);
  at.vault.use(key);
  const line = context.mock.method(globalThis, "fetch", jpeg);
  assert.equal(await at.see(), 900);
  line.mock.mockImplementation(away);
  assert.equal(await at.see(), 900);
  const kept = await at.db.rows.where("kind").equals("shot").first();
  assert.ok(kept && !("open" in kept.box));
});

test("what a sign-in page or a broken line answers is no photo", async (context) => {
  const at = await carrying();
  const line = context.mock.method(globalThis, "fetch", () => Promise.resolve(new Response("<html>", { headers: { "Content-Type": "text/html" } })));
  assert.equal(await at.see(), null);
  line.mock.mockImplementation(away);
  assert.equal(await at.see(), null);
  assert.equal(await heavyShots(at.db), 0);
});

test("others' photos outlast a day's beginning anew, go with their case, and before the worker's own", async (context) => {
  const at = await carrying();
  const line = context.mock.method(globalThis, "fetch", jpeg);
  await at.see();
  at.server.scope = uuid7();
  await at.sync();
  assert.equal(await heavyShots(at.db), 900);
  await tidy(at.db, new Date(), 899);
  assert.equal(await heavyShots(at.db), 0);
  await at.see();
  at.server.scope = uuid7();
  at.server.rows = [];
  line.mock.mockImplementation(away);
  await at.sync();
  assert.equal(await heavyShots(at.db), 0);
});
