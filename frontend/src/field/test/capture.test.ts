import assert from "node:assert/strict";
import { test } from "node:test";
import { NoRoom, dropDraft, dropFile, filesOf, keepDraft, keepFile, readDraft, refusal, save, stamp } from "../capture.ts";
import { earlier } from "../doing.ts";
import { openDrafts } from "../drafts.ts";
import { uuid7 } from "../ids.ts";
import { tidy } from "../storage.ts";
import { again, noted, pending, reopen } from "../tray.ts";
import { phone, report, reporting, shoot } from "./helpers.ts";

test("what is saved stands in the tray with its photos and their size", async () => {
  const at = await phone();
  await report(at, 2);
  const [one, ...others] = await pending(at.db, at.vault);
  assert.equal(others.length, 0);
  assert.equal(one!.about.place, "3 号院");
  assert.equal(one!.files.length, 2);
  assert.ok(one!.bytes > 4000);
});

test("operations are numbered in the order in which they were done, from 1 and without gaps", async () => {
  const at = await phone();
  await Promise.all([report(at), report(at), report(at)]);
  const seqs = (await at.db.operations.orderBy("seq").toArray()).map((one) => one.seq);
  assert.deepEqual(seqs, [1, 2, 3]);
});

test("a record whose photo is not on the phone is not half saved", async () => {
  const at = await phone();
  const taken = { kind: "report" as const, record: uuid7(), data: {}, about: { title: "", place: "", icon: "" } };
  await assert.rejects(save(at.db, at.vault, { ...taken, attachments: [uuid7()] }));
  assert.equal(await at.db.operations.count(), 0);
  assert.equal(await at.db.got("seq"), undefined);
});

test("a full phone says so, and leaves the draft as it was", async () => {
  const at = await phone();
  await keepDraft(at.db, at.vault, "report", { words: "冰" });
  at.db.operations.hook("creating", () => {
    throw new DOMException("full", "QuotaExceededError");
  });
  await assert.rejects(report(at), NoRoom);
  assert.deepEqual(await readDraft(at.db, at.vault, "report"), { words: "冰" });
});

test("on a full phone photos that arrived make way for what has not, and nothing else does", async () => {
  const at = await phone();
  const [old, refused] = [uuid7(), uuid7()];
  at.server.reject.add(refused);
  await report(at, 2, old);
  await report(at, 1, refused);
  await at.sync();
  await report(at, 1);
  let full = true;
  at.db.operations.hook("creating", () => {
    if (full) throw new DOMException("full", "QuotaExceededError");
  });
  at.db.blobs.hook("deleting", () => void (full = false));
  await report(at, 0);
  const owners = new Set((await at.db.attachments.toArray()).map((one) => one.record));
  assert.deepEqual([owners.has(old), owners.has(refused), owners.size], [false, true, 2]);
  assert.equal(await at.db.blobs.count(), 2);
  assert.equal((await pending(at.db, at.vault)).length, 3);
});

test("whatever else keeps a record from being written, the screen has words for it", async () => {
  const at = await phone();
  at.db.close();
  const said = await report(at).then(() => "saved", refusal);
  assert.equal(said, "not_saved");
  assert.equal(refusal(new DOMException("full", "QuotaExceededError")), "no_room");
});

test("a saved draft is gone, a dropped one takes its photos along", async () => {
  const at = await phone();
  await keepDraft(at.db, at.vault, "report", { words: "冰" });
  await report(at, 1);
  assert.equal(await readDraft(at.db, at.vault, "report"), null);
  await keepFile(at.db, at.vault, "other", new ArrayBuffer(9), "image/jpeg");
  await dropDraft(at.db, "other");
  assert.equal(await at.db.blobs.count(), 1);
});

test("what was refused is sent again as another operation; the old one stays beside it", async () => {
  const at = await phone();
  const one = await report(at, 1);
  await at.db.operations.update(one.op_id, { state: "rejected" });
  await again(at.db, at.vault, one.op_id);
  const all = await at.db.operations.orderBy("seq").toArray();
  assert.deepEqual(all.map((each) => each.state), ["replaced", "waiting"]);
  assert.equal(all[1]!.record, one.record);
  assert.equal((await pending(at.db, at.vault))[0]!.files.length, 1);
});

test("what was refused is put right and arrives as the same record, with its photos and once", async () => {
  const at = await phone();
  const record = uuid7();
  at.server.reject.add(record);
  const one = await report(at, 2, record);
  await keepDraft(at.db, at.vault, "report", { words: "另一件" });
  await at.sync();
  const id = `report-${record}`;
  assert.deepEqual(await reopen(at.db, at.vault, one.op_id), ["report", "", id]);
  assert.deepEqual(await pending(at.db, at.vault), []);
  assert.deepEqual((await openDrafts(at.db, at.vault)).map((each) => each.way), [["report"], ["report", "", id]]);
  const draft = (await readDraft<{ op: string; record: string; words: string; photos: string[] }>(at.db, at.vault, id))!;
  assert.deepEqual([draft.words, draft.photos.length], ["台阶结冰", 2]);
  assert.deepEqual(await filesOf(at.db, id, draft.photos, "image/"), draft.photos); // the form shows them

  at.server.reject.clear();
  await save(at.db, at.vault, { ...reporting(draft.record, draft.photos), op: draft.op, draft: id });
  await at.sync();
  assert.deepEqual(at.server.effects.map((each) => [each.op_id, each.record]), [[draft.op, record]]);
  assert.deepEqual(await pending(at.db, at.vault), []);
  assert.equal(at.server.uploads, 2);
  assert.equal(await readDraft(at.db, at.vault, id), null);
});

test("what is put right goes back to the screen on which it was written down", async () => {
  const at = await phone();
  const [place, stop] = [uuid7(), uuid7()];
  const done = { act: { case: place, action: "protect", given: { words: "围起来" } }, checklist: { checklist: "road_ice", place, round: null, stop, answers: { a: { value: "yes" } } } };
  const ways = [];
  for (const kind of ["act", "checklist"] as const) {
    const one = await save(at.db, at.vault, { kind, record: place, data: done[kind], about: { title: "", place: "", icon: "x" } });
    await at.db.operations.update(one.op_id, { state: "rejected", problem: { code: "missing", message: "", field: "given" } });
    ways.push(await reopen(at.db, at.vault, one.op_id));
  }
  assert.deepEqual(ways, [["case", place, "protect"], ["check", "road_ice", place, "-", stop, place]]);
  const drafts = await openDrafts(at.db, at.vault);
  assert.deepEqual(drafts.map((each) => each.way).sort(), ways.sort());
});

test("what was refused and read stays in the tray's list", async () => {
  const at = await phone();
  const one = await report(at);
  await at.db.operations.update(one.op_id, { state: "rejected" });
  await noted(at.db, one.op_id);
  assert.equal((await pending(at.db, at.vault))[0]!.why, "noted");
});

test("a second tap while the first is written down records nothing twice", async () => {
  const at = await phone();
  const taken = { ...reporting(uuid7(), await shoot(at, 1)), op: uuid7() };
  const [one, other] = await Promise.all([save(at.db, at.vault, taken), save(at.db, at.vault, taken)]);
  assert.equal(one.seq, other.seq);
  assert.equal(await at.db.operations.count(), 1);
  assert.equal((await pending(at.db, at.vault))[0]!.files.length, 1);
});

test("a draft that is kept late does not come back after it was saved", async () => {
  const at = await phone();
  const op = uuid7();
  await save(at.db, at.vault, { ...reporting(uuid7(), []), op });
  await keepDraft(at.db, at.vault, "report", { words: "冰", op });
  assert.equal(await at.db.drafts.count(), 0);
});

test("of two changes of a draft the later stays, and none comes back once it is dropped", async () => {
  const at = await phone();
  const seal = at.vault.seal.bind(at.vault);
  const slow = { words: "冰" };
  let let_go = () => {};
  const held = new Promise<void>((done) => (let_go = done));
  at.vault.seal = async (value) => (value === (slow as unknown) ? held : Promise.resolve()).then(() => seal(value));
  const first = keepDraft(at.db, at.vault, "report", slow);
  await keepDraft(at.db, at.vault, "report", { words: "冰雪" });
  let_go();
  await first;
  assert.deepEqual(await readDraft(at.db, at.vault, "report"), { words: "冰雪" });
  const late = keepDraft(at.db, at.vault, "report", { words: "冰雪路" });
  await dropDraft(at.db, "report");
  await late;
  assert.equal(await readDraft(at.db, at.vault, "report"), null);
});

test("a photo taken just before the phone died belongs to the draft, and none is named that is not there", async () => {
  const at = await phone();
  const [one, other] = await shoot(at, 2);
  await dropFile(at.db, one!);
  await shoot(at, 1, "another");
  assert.deepEqual(await filesOf(at.db, "report", [one!], "image/"), [other]);
  assert.deepEqual(await filesOf(at.db, "report", [], "audio/"), []);
});

test("photos of a record that is not settled stay, though they have arrived long ago", async () => {
  const at = await phone();
  const one = await report(at, 1);
  at.server.reject.add(one.record);
  await at.sync();
  const late = new Date(Date.now() + 400 * 86_400_000);
  for (const state of ["rejected", "held", "conflict", "noted"] as const) {
    await at.db.operations.update(one.op_id, { state });
    assert.equal(await tidy(at.db, late, 0), 0);
  }
  await at.db.operations.update(one.op_id, { state: "applied" });
  assert.equal(await tidy(at.db, late, 0), 1);
});

test("the worker says how much photos may take, and what was sent goes first", async () => {
  const at = await phone();
  await report(at, 1);
  await at.db.attachments.toCollection().modify({ state: "sent", sent_at: "2026-11-20" });
  await at.db.operations.toCollection().modify({ state: "applied" });
  const day = new Date("2026-11-21");
  assert.equal(await tidy(at.db, day), 0);
  await at.db.keep("budget", 100);
  assert.equal(await tidy(at.db, day), 1);
});

test("the photo from before is found by the case that its report became", async () => {
  const at = await phone();
  const one = await report(at, 2);
  assert.equal(await earlier(at.db, "the-case"), "");
  await at.db.operations.update(one.op_id, { state: "applied", result: { case: "the-case" } });
  const [first] = (await at.db.attachments.toCollection().primaryKeys()).sort();
  assert.equal(await earlier(at.db, "the-case"), first);
  await at.db.blobs.clear();
  assert.equal(await earlier(at.db, "the-case"), "");
});

test("tidying never takes a photo that has not arrived, however old and full the phone is", async () => {
  const at = await phone();
  await report(at, 2);
  const late = new Date(Date.now() + 400 * 86_400_000);
  assert.equal(await tidy(at.db, late, 0), 0);
  assert.equal(await at.db.blobs.count(), 2);
});

test("what was done carries the phone's own hour and how far it is from Greenwich", () => {
  const at = new Date("2026-11-21T01:31:00.000Z");
  const said = stamp(at);
  assert.equal(Date.parse(said), at.getTime());
  assert.match(said, /[+-]\d\d:\d\d$/);
});
