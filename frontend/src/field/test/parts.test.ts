import assert from "node:assert/strict";
import { test } from "node:test";
import { unzipSync, strFromU8 } from "fflate";
import { keepDraft } from "../capture.ts";
import { changesOf, flatEntry, flatPlace, laidOver, readField } from "../correcting.ts";
import { pointOf } from "../doing.ts";
import { doorCode } from "../doors.ts";
import { openDrafts } from "../drafts.ts";
import { fieldOf } from "../fields.ts";
import { counted, listed, matching } from "../finding.ts";
import { uuid7 } from "../ids.ts";
import { WHOLE, dots, sheetOf, shifted, under, zoomed } from "../mapping.ts";
import { fitted } from "../photo.ts";
import { walked } from "../order.ts";
import { metres, nearest } from "../position.ts";
import { rescue } from "../rescue.ts";
import { overlaid, readRound } from "../rounds.ts";
import { ticked } from "../roll.ts";
import { itemsOf, open, tasks } from "../today.ts";
import { dateOf, dayIn, hourOf, weekdayOf } from "../times.ts";
import type { Case, Place, Register, Task } from "../shapes.ts";
import { bo } from "../words/bo.ts";
import { en } from "../words/en.ts";
import { zh } from "../words/zh.ts";
import { phone, report } from "./helpers.ts";

test("every word is said in three languages, with the same blanks to fill", () => {
  const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1]).sort();
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    for (const words of [zh, bo]) {
      assert.ok(words[key]?.trim(), `${key} is missing`);
      const few = blanks(words[key]).every((one) => blanks(en[key]).includes(one));
      assert.ok(few, `${key} has other blanks`);
    }
  }
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
  assert.deepEqual(Object.keys(bo).sort(), Object.keys(en).sort());
});

test("ids are version 7, all different, and say no more of when than the day", () => {
  const made = Array.from({ length: 500 }, () => uuid7(1_700_000_000_000));
  assert.equal(new Set(made).size, 500);
  assert.ok(made.every((one) => /^018bcb20-b400-7[0-9a-f]{3}-[89ab]/.test(one)));
});

test("a door code is read as typed or as a link, and a slip of one sign is found", () => {
  const code = [..."0123456789ABCDEFGHJKMNPQRSTVWXYZ"].map((last) => doorCode(`5KX87M${last}`)).filter(Boolean);
  assert.equal(code.length, 1);
  const good = code[0]!;
  assert.equal(doorCode(`https://lingka.example/p/${good}?l=bo`), good);
  assert.equal(doorCode(`${good.slice(0, 4).toLowerCase()}-${good.slice(4)}`), good);
  assert.equal(doorCode(`6${good.slice(1)}`), null);
});

test("tasks at places stand in the day's walk once they have begun, until something was done with them", () => {
  const task = (id: string, begins_at: string | null, due_at: string | null) => ({ id, begins_at, due_at }) as Task;
  const now = Date.parse("2026-11-16T10:00:00Z");
  const all = [task("later", "2026-11-16T11:00:00Z", null), task("b", null, "2026-11-17T00:00:00Z"), task("a", null, "2026-11-16T12:00:00Z"), task("done", null, null)];
  const shown = open(all, new Set(["done"]), now);
  assert.deepEqual(shown.map((one) => one.id), ["a", "b"]);
  assert.deepEqual(itemsOf([], [], shown).map((one) => one.state), ["now", "next"]);
});

test("a fault's field has a name in the worker's words, whatever the address", () => {
  assert.equal(fieldOf("data.lon"), "field_point");
  assert.equal(fieldOf("data.given.words"), "field_words");
  assert.equal(fieldOf("changes.name.bo"), "field_changes");
  assert.equal(fieldOf("data.3"), null);
});

test("photos are at most 1600 px long and keep their shape", () => {
  assert.deepEqual(fitted(4000, 3000), [1600, 1200]);
  assert.deepEqual(fitted(800, 600), [800, 600]);
});

test("a door is found by its name in any language and by its code, in the order in which doors are counted", () => {
  const door = (n: number, code: string): Place => ({
    id: String(n), version: 1, code, kind: "building", grid: "g", lon: 91.1 + n / 1000, lat: 29.6,
    name: { "zh-hans": `东巷 ${n} 号`, bo: `ཤར་སྲང་ ${n}` }, address: "八廓街",
  });
  const code = [..."0123456789ABCDEFGHJKMNPQRSTVWXYZ"].map((last) => doorCode(`5KX87M${last}`)).find(Boolean)!;
  const doors = [door(10, code), door(2, ""), door(1, "")];
  const numbers = (found: Place[]) => found.map((one) => Number(one.id));
  const name = (one: Place) => (one.name as { "zh-hans": string })["zh-hans"];
  assert.deepEqual(numbers(counted(doors, name)), [1, 2, 10]);
  assert.deepEqual(numbers(matching(doors, "ཤར་སྲང་ 2")), [2]);
  assert.deepEqual(numbers(matching(doors, "八廓 东巷 10")), [10]);
  assert.deepEqual(numbers(matching(doors, `${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`)), [10]);
  assert.deepEqual(numbers(matching(doors, " ")).length, 3);
  assert.deepEqual(listed(doors, { lon: 91.112, lat: 29.6, accuracy: 8 }, name).map(([one]) => one.id), ["10", "2", "1"]);
  assert.deepEqual(listed(doors, null, name).map(([one]) => one.id), ["1", "2", "10"]);
});

test("the nearest place comes first", () => {
  const here = { lon: 91.12, lat: 29.65, accuracy: 5 };
  const far = { lon: 91.13, lat: 29.65 };
  const close = { lon: 91.1201, lat: 29.65 };
  assert.equal(nearest([far, close], here, 1)[0]![0], close);
  assert.ok(Math.abs(metres(here, far) - 966) < 5);
});

const ROUND = { id: "r", name: "每日巡查", day: "2026-11-21", state: "planned", stops: [{ id: "a" }, { id: "b" }, { id: "c", outcome: "done" }] };

test("what this phone did on a round is seen before the server has heard of it", () => {
  const step = (kind: string, data: object, at: string) => ({ kind, record: "r", occurred_at: at, data: data as Record<string, unknown> });
  const round = overlaid(readRound(ROUND), [
    step("round_start", {}, "2026-11-21T01:00:00Z"),
    step("round_stop", { stop: "a", outcome: "skipped", reason: "没开门" }, "2026-11-21T01:10:00Z"),
    step("round_stop", { stop: "a", outcome: "done" }, "2026-11-21T01:20:00Z"),
  ]);
  assert.equal(round.started_at, "2026-11-21T01:00:00Z");
  assert.deepEqual(round.stops.map((one) => one.outcome), ["skipped", "", "done"]);
  assert.equal(round.stops[0]!.reason, "没开门");
});

test("a checklist filled in at a stop is that stop's outcome", () => {
  const round = overlaid(readRound(ROUND), [
    { kind: "checklist", record: "x", occurred_at: "2026-11-21T01:10:00Z", data: { round: "r", stop: "b" } },
  ]);
  assert.equal(round.stops[1]!.outcome, "done");
});

test("today's list says what is urgent first, then walks the stops in order", () => {
  const act = [{ allowed: true, primary: true }];
  const one = (id: string, urgent: boolean, due_at: string | null) => ({ id, urgent, due_at, type: "road.ice", actions: act }) as unknown as Case;
  const wish = { ...one("wish", true, null), type: "wish.small" };
  const found = tasks([wish, one("late", false, "2026-11-21T01:00:00Z"), one("urgent", true, null), one("acted", true, null)], new Set(["acted"]));
  assert.deepEqual(found.map((each) => each.id), ["urgent", "late"]);
  const items = itemsOf([readRound(ROUND)], found);
  assert.deepEqual(items.map((each) => each.state), ["done", "now", "now", "next", "next"]);
  assert.deepEqual(items.map((each) => each.case?.id ?? each.stop!.id), ["c", "urgent", "a", "b", "late"]);
});

test("where people meet now comes before what lies on the way, and where they meet later comes last", () => {
  const at = Date.parse("2026-11-21T02:00:00Z");
  const minutes = (n: number) => new Date(at + n * 60_000).toISOString();
  const meets = (id: string, from: number, until: number) => ({ id, people: [], place: null, begins_at: minutes(from), due_at: minutes(until) }) as unknown as Task;
  const plain = { id: "plain", place: null, begins_at: minutes(-60), due_at: null } as unknown as Task;
  const all = [meets("evening", 400, 460), meets("noon", 90, 150), plain, meets("now", -50, 10), meets("soon", 20, 80)];
  const items = itemsOf([readRound(ROUND)], [], all, undefined, at);
  assert.deepEqual(items.map((each) => each.task?.id ?? each.stop!.id), ["c", "now", "soon", "a", "b", "plain", "noon", "evening"]);
  assert.deepEqual(items.map((each) => each.state), ["done", "now", "now", "now", "next", "next", "next", "next"]);
});

const line = (lon: number) => ({ lon: 91 + lon / 1000, lat: 29.65 });
const along = (laid: number[], loose: number[], start: number | null) =>
  walked(laid, loose, (one) => (one < 0 ? null : line(one)), start === null ? null : line(start));

test("what lies on the way is walked when one comes by, and the stops keep their order", () => {
  assert.deepEqual(along([1, 5, 9], [7, 3], null), [1, 3, 5, 7, 9]);
  assert.deepEqual(along([9, 1], [8, 5], null), [9, 8, 5, 1]);
});

test("from where the worker stands the nearest comes first; without it the first stays the first", () => {
  assert.deepEqual(along([], [5, 1, 3], 0), [1, 3, 5]);
  assert.deepEqual(along([], [5, 1, 3], null), [5, 3, 1]);
  assert.deepEqual(along([5], [1], 0), [1, 5]);
  assert.deepEqual(along([5], [1], null), [5, 1]);
});

test("what has no place is not lost, and comes last as it was given", () => {
  assert.deepEqual(along([4, -1], [-3, 2, -2], 0), [2, 4, -1, -3, -2]);
  assert.deepEqual(along([], [-1, -2], null), [-1, -2]);
});

test("a worker's position is told to nobody: the list says the order and nothing else", () => {
  const round = readRound(ROUND);
  const start = { lon: 91.123456, lat: 29.654321 };
  const items = itemsOf([round], [], [], { spot: () => line(1), start });
  assert.ok(!JSON.stringify(items).includes("91.123456"));
});

const PLACE = { id: "p", version: 3, code: "", kind: "street", grid: "g", name: { "zh-hans": "巷口" }, address: null, lon: 91, lat: 29 } as unknown as Place;

test("of a place only what differs is said, with what stood there", () => {
  const now = flatPlace(PLACE);
  const changes = changesOf(now, { ...now, "name.zh-hans": "1 号巷口", "address.bo": "", kind: "shop", point: [91, 29.1] });
  assert.deepEqual(changes, { "name.zh-hans": { from: "巷口", to: "1 号巷口" }, kind: { from: "street", to: "shop" }, point: { from: [91, 29], to: [91, 29.1] } });
});

const STALLS = { id: "stalls", name: "", about: "", states: [], fields: [{ key: "free", kind: "number", name: "", most: 20, options: [], fits: [] }] } as unknown as Register;

test("what this phone said lies over what was fetched until the server refuses it or is asked again", () => {
  const flat = flatEntry({ id: "e", version: 1, register: "stalls", place: "p", state: "open", values: {}, since: "" }, STALLS);
  assert.deepEqual(flat, { state: "open", free: null });
  const full = { data: { changes: { state: { from: "open", to: "full" } } } };
  const over = (state: string, answered_at: string | null) => laidOver(flat, [{ ...full, state, answered_at }], "2026-11-22T05:00").state;
  assert.equal(over("waiting", null), "full");
  assert.equal(over("applied", "2026-11-22T06:00"), "full");
  assert.equal(over("applied", "2026-11-22T04:00"), "open");
  assert.equal(over("conflict", "2026-11-22T06:00"), "open");
});

test("a register's field is read as it was meant, or not at all", () => {
  const read = (kind: "number" | "hours" | "day", typed: string) => readField({ kind, most: 20 }, typed);
  assert.deepEqual(["7", "21", "seven", "-1", " "].map((typed) => read("number", typed)), [7, undefined, undefined, undefined, null]);
  assert.deepEqual(["18:30-08:00", "18:30-", "08:00-08:00"].map((typed) => read("hours", typed)), ["18:30-08:00", undefined, undefined]);
});

const GRID = [[91, 29], [91.02, 29], [91.02, 29.02], [91, 29.02]] as [number, number][];

test("every place with a position is drawn, on the equator too, and nothing else", () => {
  const spots = Array.from({ length: 1500 }, (_, n) => ({ lon: 91 + (n % 40) / 2000, lat: 29 + Math.floor(n / 40) / 2000 }));
  const all = [...spots, { lon: 0, lat: 0 }, { lon: null, lat: 29 }, { lon: 91, lat: null }];
  const drawn = dots(sheetOf(GRID)!, all);
  assert.equal(drawn.split("M").length - 1, spots.length + 1);
  assert.ok(!drawn.includes("NaN"));
});

test("the map stays under the finger when it grows, and never leaves the grid", () => {
  const finger = { x: 90, y: 60 };
  const before = { zoom: 2, x: 150, y: 120 };
  const grown = zoomed(before, 2, finger);
  const on = (view: typeof before) => ({ x: view.x + (finger.x - 180) / view.zoom, y: view.y + (finger.y - 135) / view.zoom });
  assert.deepEqual(on(grown), on(before));
  assert.deepEqual(shifted(WHOLE, 500, -500), WHOLE);
  assert.equal(zoomed(WHOLE, 1000).zoom, 24);
  const corner = shifted({ zoom: 4, x: 180, y: 135 }, 9999, 9999);
  assert.deepEqual([corner.x, corner.y], [45, 33.75]);
});

test("a tap means what lies nearest under the finger, or nothing", () => {
  const sheet = sheetOf(GRID)!;
  const [near, far] = [{ lon: 91.01, lat: 29.01 }, { lon: 91.0102, lat: 29.0102 }];
  assert.equal(under(sheet, WHOLE, [far, near], { x: 180, y: 135 }), near);
  assert.equal(under(sheet, WHOLE, [far, near], { x: 20, y: 20 }), null);
});

test("the rescue file holds every record with its photos, readable without the app", async () => {
  const at = await phone();
  const one = await report(at, 1);
  const files = unzipSync(await rescue(at.db, at.vault));
  const { records } = JSON.parse(strFromU8(files["records.json"]!)) as { records: { op_id: string; why: string; attachments: { file: string }[] }[] };
  assert.deepEqual(records.map((each) => [each.op_id, each.why]), [[one.op_id, "waiting"]]);
  assert.equal(files[records[0]!.attachments[0]!.file]!.length, 2000);
});

test("a picked place or a scanned code says where it is, and not where the worker stands", () => {
  const [worker, gate] = [{ lon: 91.12, lat: 29.65 }, { lon: 91.2, lat: 29.7 }];
  const found = { place: "p", code: "", placed: true, point: worker };
  assert.deepEqual(pointOf(found, gate), gate);
  assert.deepEqual(pointOf({ ...found, place: null, code: "5KX87M0" }, undefined), { lon: null, lat: null });
  assert.deepEqual(pointOf({ ...found, placed: false }, gate), worker);
});

test("every draft is found again, with the way to the screen that goes on with it", async () => {
  const at = await phone();
  const [place, stop, one] = [uuid7(), uuid7(), uuid7()];
  await keepDraft(at.db, at.vault, "report", { words: "冰" });
  await keepDraft(at.db, at.vault, `check-road_ice-${place}-${stop}`, { record: "r", way: ["check", "road_ice", place, "round", stop, "r"] });
  await keepDraft(at.db, at.vault, `check-fire-safety-${place}--`, { record: "r" });
  await keepDraft(at.db, at.vault, `act-${one}-report_back`, { given: {} });
  await keepDraft(at.db, at.vault, `place-${place}`, { wanted: {} });
  await keepDraft(at.db, at.vault, `entry-${one}`, { typed: {} });
  const ways = (await openDrafts(at.db, at.vault)).map((each) => each.way);
  assert.deepEqual(ways.sort(), [
    ["case", one, "report_back"],
    ["entry", one],
    ["place", place],
    ["check", "fire-safety", place, "-", "-", "r"],
    ["check", "road_ice", place, "round", stop, "r"],
    ["report"],
  ].sort());
});

test("days and hours are said as the languages' own tables have them", () => {
  const days = Array.from({ length: 400 }, (_, n) => new Date(2026, 0, 1 + n, n % 24, (7 * n) % 60));
  const said = (locale: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  for (const [tongue, locale, month] of [["zh-hans", "zh-CN", "long"], ["en", "en-GB", "short"]] as const) {
    const [date, weekday] = [said(locale, { month, day: "numeric" }), said(locale, { weekday: "short" })];
    for (const day of days) {
      assert.equal(dateOf(day, tongue), date.format(day));
      assert.equal(weekdayOf(day, tongue), weekday.format(day));
    }
  }
  const hour = said("zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  for (const day of days) assert.equal(hourOf(day), hour.format(day));
  for (const zone of ["Asia/Shanghai", "Asia/Urumqi", "UTC", "Asia/Kathmandu", undefined]) {
    const table = said("sv-SE", { timeZone: zone });
    for (const day of days) assert.equal(dayIn(zone, day), table.format(day));
  }
});

test("a list stands as the server told it, and over it what was ticked here since", () => {
  const people = [{ id: "a", name: "云", state: "" }, { id: "b", name: "Lark", state: "gone" }, { id: "c", name: "江", state: "" }] as const;
  const tick = (seq: number, person: string, action: string, state = "waiting") => ({
    operation: { kind: "task", record: "s", seq, state, occurred_at: `t${seq}`, result: null, problem: state === "rejected" ? { code: "x", message: "no" } : null } as const,
    data: { action, given: { person } },
  });
  const done = [tick(3, "a", "gone"), tick(2, "a", "here", "applied"), tick(4, "b", "here"), tick(5, "c", "here", "rejected")];
  const lines = ticked({ id: "s", people: [...people] }, done as unknown as Parameters<typeof ticked>[1]);
  assert.deepEqual(lines.map((one) => [one.state, one.at, one.refused]), [["gone", "t3", ""], ["gone", "", ""], ["", "", "no"]]);
});

test("of a list only the last tick of each that nobody but this phone knows of can be taken back", () => {
  const people = ["a", "b", "c", "d"].map((id) => ({ id, name: id, state: "" as const }));
  const tick = (seq: number, person: string, tried: boolean | undefined, state = "waiting") => ({
    operation: { op_id: `o${seq}`, kind: "task", record: "s", seq, state, occurred_at: "t", result: null, problem: null, tried },
    data: { action: "here", given: { person } },
  });
  const done = [tick(9, "a", false), tick(8, "b", true), tick(7, "c", undefined), tick(3, "d", false), tick(2, "a", true, "applied")];
  const lines = ticked({ id: "s", people }, done as unknown as Parameters<typeof ticked>[1], { seq: 3, at: "" });
  assert.deepEqual(lines.map((one) => one.back), ["o9", "", "", ""]);
});

test("a list stays on the day's work however often it was ticked, from the morning on", () => {
  const at = Date.parse("2026-11-24T02:00:00Z");
  const list = { id: "s", begins_at: new Date(at).toISOString(), due_at: null, people: [] } as unknown as Task;
  assert.equal(open([list], new Set(["s"]), at - 3 * 3_600_000).length, 1);
  assert.equal(open([list], new Set(), at - 24 * 3_600_000).length, 0);
});
