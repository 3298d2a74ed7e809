// How a phone is emptied: by signing out, or because it was revoked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { strFromU8, unzipSync } from "fflate";
import { keepDraft } from "../capture.ts";
import { uuid7 } from "../ids.ts";
import { leave } from "../leaving.ts";
import { rescue } from "../rescue.ts";
import { useAgain } from "../sync.ts";
import { filesAgain, inRescue, leaveOut, mark, noted, pending, unsaved } from "../tray.ts";
import { type Phone, phone, report, shoot, walk } from "./helpers.ts";

const yes = async () => true;
const keptRows = { kind: "case", id: "1", version: 1, data: {} };

async function revoked(at: Phone): Promise<void> {
  await at.sync();
  at.server.revoke();
  await at.sync();
}

test("a revoked phone is emptied; what never arrived waits for its rescue file", async () => {
  const at = await phone();
  at.server.rows = [keptRows];
  await at.sync();
  at.server.revoke();
  await report(at);
  await at.sync();
  assert.equal(await at.db.rows.count(), 0);
  assert.equal(await at.db.got("revoked"), true);
  assert.equal((await pending(at.db, at.vault)).length, 1);
});

test("a revoked phone with nothing pending is emptied at once", async () => {
  const at = await phone();
  await report(at, 1);
  await revoked(at);
  assert.deepEqual([await at.db.operations.count(), await at.db.blobs.count(), await at.db.got("device")], [0, 0, undefined]);
});

test("a draft keeps a revoked phone from being emptied", async () => {
  const at = await phone();
  await at.sync();
  await keepDraft(at.db, at.vault, "report", { words: "冰" });
  await revoked(at);
  assert.equal(await at.db.drafts.count(), 1);
});

test("a revoked phone does not make itself known again, though somebody is signed in", async () => {
  const at = await phone();
  await revoked(at);
  await report(at);
  Object.assign(at.server, { signedIn: true, cookie: "" });
  assert.equal((await at.sync())?.code, "revoked");
  assert.equal((await at.sync())?.code, "revoked");
  assert.equal(at.server.devices.size, 1);
  assert.equal(at.server.effects.length, 0);
});

test("an emptied phone is used again only after somebody signed in again", async () => {
  const at = await phone();
  await revoked(at);
  await useAgain(at.db);
  at.server.signedIn = true; // a session that went on
  assert.equal((await at.sync())?.code, "revoked");
  await useAgain(at.db);
  at.server.signIn();
  assert.equal(await at.sync(), null);
});

test("signing out ends the session first and then empties the phone", async () => {
  const at = await phone();
  await report(at, 1);
  await at.sync();
  assert.equal(await leave(at.db, async () => false), "failed");
  assert.equal(await at.db.operations.count(), 1);
  assert.equal(await leave(at.db, yes), "gone");
  assert.deepEqual([await at.db.operations.count(), await at.db.blobs.count()], [0, 0]);
});

test("what was refused and read, and what was only begun, is not erased by signing out", async () => {
  const at = await phone();
  const one = await report(at);
  at.server.reject.add(one.record);
  await at.sync();
  await noted(at.db, one.op_id);
  await keepDraft(at.db, at.vault, "check-road_ice---", { at: 1 });
  assert.equal(await unsaved(at.db), 2);
  assert.equal(await leave(at.db, yes), "rescue");
  assert.equal(await at.db.operations.count(), 1);
});

test("with all of it in a rescue file the phone can be left, until something more is written", async () => {
  const at = await phone();
  await report(at);
  await at.db.keep("rescued", await mark(at.db));
  assert.equal(await inRescue(at.db), true);
  await report(at);
  assert.equal(await leave(at.db, yes), "rescue");
  await at.db.keep("rescued", await mark(at.db));
  await keepDraft(at.db, at.vault, "report", { words: "冰" });
  assert.equal(await leave(at.db, yes), "rescue");
  await at.db.keep("rescued", await mark(at.db, new Date(Date.now() + 1000)));
  assert.equal(await leave(at.db, yes), "gone");
});

test("the rescue file holds drafts with their photos, too", async () => {
  const at = await phone();
  const [id] = await shoot(at, 1, "report");
  await keepDraft(at.db, at.vault, "report", { words: "冰", record: uuid7() });
  const files = unzipSync(await rescue(at.db, at.vault));
  const { drafts } = JSON.parse(strFromU8(files["records.json"]!)) as { drafts: { data: { words: string }; attachments: { id: string; file: string }[] }[] };
  assert.equal(drafts[0]!.data.words, "冰");
  assert.equal(drafts[0]!.attachments[0]!.id, id);
  assert.equal(files[drafts[0]!.attachments[0]!.file]!.length, 2000);
});

test("a phone that changes hands does not send what the one before wrote down as the other's", async () => {
  const at = await phone();
  await report(at);
  await at.sync();
  await report(at);
  const first = at.server.worker;
  at.server.restore(false); // the phone is no longer known, so it would make itself known again
  at.server.worker = uuid7();
  at.server.signIn();
  assert.equal((await at.sync())?.code, "device");
  const paused = await at.sync();
  assert.deepEqual([paused?.why, paused?.code, at.server.effects.length], ["refused", "other_user", 0]);
  assert.equal((await pending(at.db, at.vault)).length, 2);
  at.server.worker = first;
  await at.sync();
  assert.equal(at.server.effects.length, 2);
});

test("a photo that was refused is left out when the worker says so, and nothing waits for it", async () => {
  const at = await phone();
  await walk(at, uuid7(), 3);
  const [photo] = (await at.db.attachments.toArray()).map((one) => one.id);
  const about = { title: "", place: "", icon: "" };
  await leaveOut(at.db, at.vault, photo!, about);
  assert.equal(await at.db.operations.filter((one) => one.kind === "leave_out").count(), 0); // it is not refused
  at.server.spoiled.add(photo!);
  await at.sync();
  await filesAgain(at.db, (await pending(at.db, at.vault))[0]!.operation.op_id);
  await at.sync();
  assert.equal((await pending(at.db, at.vault))[0]!.why, "held");
  await leaveOut(at.db, at.vault, photo!, about);
  await leaveOut(at.db, at.vault, photo!, about); // a second tap
  await at.sync();
  await at.sync();
  assert.deepEqual(await pending(at.db, at.vault), []);
  const kinds = at.server.effects.map((one) => one.kind).sort();
  assert.deepEqual(kinds, ["checklist", "leave_out", "round_start", "round_stop"]);
  assert.equal((await at.db.attachments.get(photo!))!.state, "left");
});
