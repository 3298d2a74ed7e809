import assert from "node:assert/strict";
import { test } from "node:test";
import { keepDraft, readDraft } from "../capture.ts";
import { setPin, takePinAway } from "../pin.ts";
import { anyShut, reseal } from "../storage.ts";
import { pending } from "../tray.ts";
import { Locked, Vault, WrongPin, isLeftAlone, makeLock, openLock } from "../vault.ts";
import { phone, report } from "./helpers.ts";

const FEW = 1000;

test("a PIN shuts what was kept, opens it again, and a wrong one does not", async () => {
  const at = await phone();
  const one = await report(at, 1);
  await setPin(at.db, at.vault, "314159", FEW);
  const raw = JSON.stringify(await at.db.operations.toArray());
  assert.ok(!raw.includes("台阶结冰") && !raw.includes("3 号院"));
  const shut = (await at.db.operations.get(one.op_id))!;
  await assert.rejects(new Vault().open(shut.about), Locked);
  const lock = (await at.db.got("lock"))!;
  await assert.rejects(openLock(lock, "314158"), WrongPin);
  at.vault.close();
  assert.ok(at.vault.locked);
  at.vault.use(await openLock(lock, "314159"));
  assert.equal((await pending(at.db, at.vault))[0]!.about.place, "3 号院");
});

test("the PIN is taken away while records are written, and every one can be read after it", async () => {
  const at = await phone();
  await report(at, 2);
  await setPin(at.db, at.vault, "314159", FEW);
  const going = takePinAway(at.db, at.vault);
  await Promise.all([going, report(at, 1), keepDraft(at.db, at.vault, "report", { words: "冰" })]);
  assert.equal(await anyShut(at.db), false);
  assert.equal(await at.db.got("lock"), undefined);
  const found = await pending(at.db, new Vault());
  assert.deepEqual(found.map((one) => one.about.place), ["3 号院", "3 号院"]);
});

test("the lock stays as long as something is shut that cannot be opened", async () => {
  const at = await phone();
  await report(at);
  await setPin(at.db, at.vault, "314159", FEW);
  const other = new Vault();
  other.use((await makeLock("271828", FEW)).key);
  await at.db.drafts.put({ id: "report", box: await other.seal({ words: "冰" }), at: "" });
  await assert.rejects(takePinAway(at.db, at.vault));
  assert.notEqual(await at.db.got("lock"), undefined);
  assert.ok(at.vault.sealing);
});

test("another tab that still has the old key shuts nothing once the lock is gone", async () => {
  const at = await phone();
  await setPin(at.db, at.vault, "314159", FEW);
  const other = new Vault();
  other.use(await openLock((await at.db.got("lock"))!, "314159"));
  await takePinAway(at.db, at.vault);
  await assert.rejects(keepDraft(at.db, other, "report", { words: "冰" }), Locked);
  await assert.rejects(report({ ...at, vault: other }, 1), Locked);
  assert.equal(await anyShut(at.db), false);
});

test("moving boxes never brings back an older draft", async () => {
  const at = await phone();
  await setPin(at.db, at.vault, "314159", FEW);
  await keepDraft(at.db, at.vault, "report", { words: "旧" });
  const open = at.vault.open.bind(at.vault);
  at.vault.open = async (box) => {
    const found = await open(box);
    await at.db.drafts.put({ id: "report", box: { open: { words: "新" } }, at: "" });
    return found;
  };
  await reseal(at.db, at.vault, new Vault());
  assert.deepEqual(await readDraft(at.db, new Vault(), "report"), { words: "新" });
});

test("one box that cannot be opened hides neither the other records nor their way to the server", async () => {
  const at = await phone();
  const bad = await report(at);
  await report(at);
  const other = new Vault();
  other.use((await makeLock("271828", FEW)).key);
  await at.db.operations.update(bad.op_id, { data: await other.seal({}), about: await other.seal({ title: "", place: "", icon: "" }) });
  assert.equal((await pending(at.db, at.vault)).length, 2);
  await at.sync();
  assert.equal(at.server.effects.length, 1);
});

test("a phone that was out of sight for long asks for the PIN again, and not after a glance elsewhere", () => {
  const noon = Date.parse("2026-11-21T12:00:00+08:00");
  assert.equal(isLeftAlone(noon, noon + 9 * 60_000), false);
  assert.equal(isLeftAlone(noon, noon + 11 * 60_000), true);
  assert.equal(isLeftAlone(noon, noon - 1), true);
  assert.equal(isLeftAlone(0, noon), false);
});
