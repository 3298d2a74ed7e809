import assert from "node:assert/strict";
import { test } from "node:test";
import { save } from "../capture.ts";
import { changeOf, taskOf } from "../doing.ts";
import { Refused } from "../server.ts";
import { tidy, wipe } from "../storage.ts";
import { expire } from "../expiry.ts";
import { again, filesAgain, pending, takeBack } from "../tray.ts";
import { uuid7 } from "../ids.ts";
import { act, phone, report, walk } from "./helpers.ts";

const row = (kind: string, id: string, data: object | null = {}) => ({ kind, id, version: 1, data: data as Record<string, unknown> | null });

test("twelve records of three days arrive once each, and the tray is empty", async () => {
  const at = await phone();
  for (let count = 0; count < 12; count += 1) await report(at, count % 2);
  assert.equal(await at.sync(), null);
  assert.equal(at.server.effects.length, 12);
  assert.equal(at.server.files.size, 6);
  assert.deepEqual(await pending(at.db, at.vault), []);
});

test("an answer that is lost makes nothing twice", async () => {
  const at = await phone();
  await report(at, 1);
  at.server.lost = 1;
  assert.equal((await at.sync())?.why, "offline");
  assert.equal((await pending(at.db, at.vault)).length, 1);
  assert.equal(await at.sync(), null);
  assert.equal(at.server.effects.length, 1);
  assert.deepEqual(await pending(at.db, at.vault), []);
});

test("a record whose photo has not arrived stays in the tray", async () => {
  const at = await phone();
  await report(at, 1);
  at.server.send = async () => {
    throw new (await import("../server.ts")).Unreachable();
  };
  await at.sync();
  const [one] = await pending(at.db, at.vault);
  assert.equal(one!.why, "files");
});

test("a file whose hash the server saw otherwise has not arrived", async () => {
  const at = await phone();
  await report(at, 1);
  at.server.send = async () => "0".repeat(64);
  await at.sync();
  assert.equal((await pending(at.db, at.vault))[0]!.files.length, 1);
});

test("one that is refused stays with its reason and blocks nobody", async () => {
  const at = await phone();
  const bad = await report(at);
  await report(at);
  at.server.reject.add(bad.record);
  await at.sync();
  assert.equal(at.server.effects.length, 1);
  const [one, ...others] = await pending(at.db, at.vault);
  assert.equal(others.length, 0);
  assert.equal(one!.operation.problem?.message, "No such place.");
});

test("more than a hundred go in several requests, in order", async () => {
  const at = await phone();
  for (let count = 0; count < 105; count += 1) await report(at);
  await at.sync();
  assert.deepEqual(at.server.effects.map((one) => one.seq), Array.from({ length: 105 }, (_, place) => place + 1));
});

test("a line that carries little gets less at once, until all of it has arrived", async () => {
  const at = await phone();
  for (let count = 0; count < 60; count += 1) await report(at);
  at.server.carries = 20;
  for (let count = 0; count < 12; count += 1) await at.sync();
  assert.equal(at.server.effects.length, 60);
  assert.deepEqual(await pending(at.db, at.vault), []);
});

test("a session that ended pauses fetching, and neither sending nor writing down", async () => {
  const at = await phone();
  await at.sync();
  at.server.signedIn = false;
  await report(at);
  assert.equal((await at.sync())?.why, "signed_out");
  assert.equal(at.server.effects.length, 1);
});

test("a server brought back from a backup gets everything again, once", async () => {
  const at = await phone();
  await report(at, 1);
  await report(at);
  await at.sync();
  at.server.restore();
  await at.sync();
  await at.sync();
  assert.equal(at.server.effects.length, 2);
  assert.equal(at.server.files.size, 1);
});

test("a phone that the server forgot becomes known again and sends all it keeps", async () => {
  const at = await phone();
  await report(at);
  await at.sync();
  at.server.restore();
  at.server.devices.clear();
  assert.equal((await at.sync())?.code, "device");
  assert.equal(await at.sync(), null);
  assert.equal(at.server.effects.length, 1);
});

test("a storage copied from another phone becomes a phone of its own", async () => {
  const at = await phone();
  await at.sync();
  await at.db.keep("device", { ...(await at.db.got("device"))!, marker: uuid7() });
  await at.db.meta.delete("checked_at");
  await at.sync();
  await at.sync();
  assert.equal(at.server.devices.size, 2);
});

test("another scope takes away what was fetched, never what is pending", async () => {
  const at = await phone();
  at.server.rows = [row("case", "1"), row("case", "2"), row("place", "3")];
  await at.sync();
  assert.equal(await at.db.rows.count(), 3);
  at.server.rows = [row("case", "2")];
  at.server.scope = uuid7();
  at.server.reject.add((await report(at)).record);
  await at.sync();
  assert.deepEqual((await at.db.rows.toArray()).map((one) => one.id), ["2"]);
  assert.equal((await pending(at.db, at.vault)).length, 1);
});

test("what clashed is said again over what stands there by now, and is taken", async () => {
  const at = await phone();
  const entry = { id: uuid7(), version: 1, register: "parking", place: "p", state: "open", values: {}, since: "" };
  const changes = { state: { from: "open", to: "closed" } };
  const about = { title: "停车位", place: "", icon: "pen-line" };
  const { op_id } = await save(at.db, at.vault, changeOf("entry", entry, changes, about));
  at.server.stands.set(entry.id, "full");
  at.server.rows = [row("entry", entry.id, { ...entry, version: 2, state: "full" })];
  await at.sync();
  assert.equal((await at.db.operations.get(op_id))!.state, "conflict");
  await again(at.db, at.vault, op_id);
  await at.sync();
  const [sent] = at.server.effects;
  assert.deepEqual(sent!.data.changes, { state: { from: "full", to: "closed" } });
  assert.deepEqual(await pending(at.db, at.vault), []);
});

test("a row without data is taken away, and nothing is fetched twice", async () => {
  const at = await phone();
  at.server.rows = [row("case", "1")];
  await at.sync();
  at.server.rows.push(row("case", "1", null));
  await at.sync();
  assert.equal(await at.db.rows.count(), 0);
});

test("what was fetched expires; what was written down does not", async () => {
  const at = await phone();
  at.server.rows = [row("case", "1")];
  await at.sync();
  await report(at);
  await at.db.keep("expires_at", new Date(Date.now() - 1000).toISOString());
  assert.equal(await expire(at.db), true);
  assert.equal(await at.db.rows.count(), 0);
  assert.equal((await pending(at.db, at.vault)).length, 1);
});

test("nothing that was done on a round waits for its start, nor one act for another", async () => {
  const at = await phone();
  const record = uuid7();
  await walk(at, uuid7());
  await act(at, record);
  await act(at, record);
  const all = await at.db.operations.toArray();
  assert.deepEqual(all.map((one) => one.depends_on.length), Array(6).fill(0));
});

test("an act on what this phone reported waits for the report's record, however it arrives", async () => {
  const at = await phone();
  const record = uuid7();
  at.server.reject.add(record);
  const first = await report(at, 0, record);
  await act(at, record);
  await at.sync();
  assert.deepEqual((await pending(at.db, at.vault)).map((one) => one.why), ["rejected", "held"]);
  at.server.reject.delete(record);
  await again(at.db, at.vault, first.op_id);
  await at.sync();
  assert.deepEqual(await pending(at.db, at.vault), []);
});

test("a round that was cancelled meanwhile refuses what was done on it, and holds none of it", async () => {
  const at = await phone();
  const round = uuid7();
  at.server.reject.add(round);
  await walk(at, round);
  await at.sync();
  assert.deepEqual((await pending(at.db, at.vault)).map((one) => one.why), Array(4).fill("rejected"));
});

test("the server hears at once that the photos are no longer on the phone alone", async () => {
  const at = await phone();
  await report(at, 2);
  await at.sync();
  const [known] = at.server.devices.values();
  assert.deepEqual(known!.left, { operations: 0, attachments: 0 });
  await at.db.meta.delete("device");
  await at.sync();
  assert.equal(await at.db.got("evicted"), undefined);
});

test("storage that the browser threw away is told, though all had arrived that the server heard of", async () => {
  const at = await phone();
  await report(at, 1);
  await at.sync();
  await report(at); // nobody but this phone knows of it
  for (const table of at.db.tables) await table.clear();
  await at.sync();
  assert.deepEqual(await at.db.got("evicted"), { on: "2026-11-20", operations: 0, attachments: 0 });
});

test("a phone that its worker emptied, or that is made known anew, is told of no loss", async () => {
  const at = await phone();
  await report(at, 1);
  at.server.broken = 9;
  await at.sync(); // the server believes the photo on the phone
  await at.db.meta.delete("device");
  await at.sync();
  assert.equal(await at.db.got("evicted"), undefined, "all of it is still here");
  await wipe(at.db);
  await at.sync();
  assert.equal(await at.db.got("evicted"), undefined, "emptied on purpose");
  for (const table of at.db.tables) await table.clear();
  await at.sync();
  assert.equal((await at.db.got("evicted"))?.on, "2026-11-20", "and once more, not on purpose");
});

test("an app that is too old keeps all it has, says the server's word, and brings it in once updated", async () => {
  const at = await phone();
  const push = at.server.push.bind(at.server);
  await report(at, 1);
  at.server.push = async () => {
    throw new Refused(409, "too_old", "This app is too old.");
  };
  assert.deepEqual(await at.sync(), { why: "refused", code: "too_old", message: "This app is too old." });
  await report(at, 1); // writing down goes on
  assert.equal((await pending(at.db, at.vault)).length, 2);
  assert.equal(await at.db.blobs.count(), 2);
  at.server.push = push;
  assert.equal(await at.sync(), null);
  assert.equal(at.server.effects.length, 2);
  assert.deepEqual(await pending(at.db, at.vault), []);
});

test("a file that is no picture is sent once, and again only when the worker says so", async () => {
  const at = await phone();
  const one = await report(at, 2);
  const [bad] = await at.db.attachments.toArray();
  at.server.spoiled.add(bad!.id);
  for (let count = 0; count < 3; count += 1) await at.sync();
  assert.equal(at.server.uploads, 2);
  assert.equal((await pending(at.db, at.vault))[0]!.files[0]!.problem, "refused");
  at.server.spoiled.clear();
  await filesAgain(at.db, one.op_id);
  await at.sync();
  assert.deepEqual(await pending(at.db, at.vault), []);
});

test("a file that broke off goes on, and one that the server has whole is asked for its receipt", async () => {
  const at = await phone();
  await report(at, 1);
  at.server.broken = 1;
  assert.equal((await at.sync())?.why, "offline");
  assert.equal((await at.db.attachments.toArray())[0]!.begun, true);
  at.server.lost = 2; // the receipt, and the answer after it
  await at.sync();
  await at.sync();
  await at.sync();
  assert.deepEqual(await pending(at.db, at.vault), []);
  assert.equal(at.server.uploads, 1);
});

test("what waits for another record is asked after until it is settled", async () => {
  const at = await phone();
  const first = await report(at);
  await at.db.operations.update(first.op_id, { depends_on: [uuid7()] });
  await at.sync();
  assert.equal((await pending(at.db, at.vault))[0]!.why, "held");
  at.server.stored.get(first.op_id)!.status = "applied";
  await at.sync();
  assert.deepEqual(await pending(at.db, at.vault), []);
});

test("what arrived is forgotten after the days that the server named, and not before", async () => {
  const at = await phone();
  await report(at, 1);
  await at.sync();
  const after = (days: number) => tidy(at.db, new Date(Date.now() + days * 86_400_000));
  await after(34);
  assert.deepEqual([await at.db.operations.count(), await at.db.blobs.count()], [1, 1]);
  await after(36);
  assert.deepEqual([await at.db.operations.count(), await at.db.blobs.count()], [0, 0]);
});

test("what was taken back before any push carried it is gone, and never sent", async () => {
  const at = await phone();
  const wrong = await act(at, uuid7());
  const right = await act(at, uuid7());
  assert.ok(await takeBack(at.db, wrong.op_id));
  assert.deepEqual((await pending(at.db, at.vault)).map((one) => one.operation.op_id), [right.op_id]);
  await at.sync();
  assert.deepEqual(at.server.effects.map((one) => one.op_id), [right.op_id]);
});

test("what may have reached the server is not taken back, though its answer was lost", async () => {
  const at = await phone();
  const one = await act(at, uuid7());
  at.server.lost = 1;
  await at.sync();
  assert.equal((await at.db.operations.get(one.op_id))!.state, "waiting");
  assert.equal(await takeBack(at.db, one.op_id), false);
  await at.sync();
  assert.equal(await takeBack(at.db, one.op_id), false);
  assert.equal(at.server.effects.length, 1);
});

test("what is taken back while a push is being packed does not go with it", async () => {
  const at = await phone();
  await at.sync();
  const one = await act(at, uuid7());
  const tried = at.vault.tried.bind(at.vault);
  at.vault.tried = (async (box: never) => {
    const opened = await tried(box);
    await takeBack(at.db, one.op_id);
    return opened;
  }) as typeof at.vault.tried;
  await at.sync();
  assert.deepEqual([at.server.effects.length, await at.db.operations.count()], [0, 0]);
});

test("what a rescue file holds, or what has photos, is not taken back", async () => {
  const at = await phone();
  const [plain, pictured] = [await act(at, uuid7()), await act(at, uuid7(), 1)];
  assert.equal(await takeBack(at.db, pictured.op_id), false);
  await at.db.keep("rescued", { seq: plain.seq, at: "" });
  assert.equal(await takeBack(at.db, plain.op_id), false);
});

test("on a full phone a tick that cannot be marked as sent stays until it can, and the phone says so", async () => {
  const at = await phone();
  await at.sync();
  const about = { title: "", place: "", icon: "" };
  const list = { id: uuid7(), version: 1, source: "activity" };
  const tick = await save(at.db, at.vault, taskOf(list, { key: "here" }, { person: "a" }, [], about));
  const other = await act(at, uuid7());
  let full = true;
  at.db.operations.hook("updating", (changes) => {
    if (full && "tried" in changes) throw new DOMException("full", "QuotaExceededError");
  });
  assert.equal((await at.sync())?.why, "full");
  assert.deepEqual(at.server.effects.map((one) => one.op_id), [other.op_id]);
  full = false;
  assert.equal(await at.sync(), null);
  assert.equal(await takeBack(at.db, tick.op_id), false);
  assert.deepEqual(at.server.effects.map((one) => one.op_id), [other.op_id, tick.op_id]);
});

test("a phone too full to write the server's answer down says that it is full", async () => {
  const at = await phone();
  await at.sync();
  await act(at, uuid7());
  at.db.operations.hook("updating", (changes) => {
    if ("answered_at" in changes) throw new DOMException("full", "QuotaExceededError");
  });
  assert.equal((await at.sync())?.why, "full");
});
