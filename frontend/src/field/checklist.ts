// What a checklist asks, and what its answers come to. The twin of lingka/patrols/checklists.py:
// the vectors in tests/patrols/vectors hold both to one result. It imports nothing.
// What a result says is about the place, never about a person.

export type Texts = Record<string, string>;
export type Level = "ordinary" | "major";
export type Kind = "note" | "check" | "choice" | "choices" | "number" | "text" | "date" | "photo";

export interface Condition {
  item: string;
  is?: string[];
  above?: number;
  below?: number;
  failed?: boolean;
}

export interface Item {
  key: string;
  kind: Kind;
  text: Texts;
  hint?: Texts;
  say?: Texts; // read aloud instead of the text
  required?: boolean; // unless said otherwise
  if?: Condition[];
  photo?: "" | "failed" | "always";
  none?: boolean; // may a check be "not applicable"? Unless said otherwise
  options?: { key: string; text: Texts }[];
  fails?: string[];
  least?: number;
  most?: number;
  whole?: boolean;
  good?: { from?: number; to?: number };
  unit?: Texts;
  longest?: number;
  weight?: number;
  hazard?: { level: Level; name: Texts };
  article?: Texts;
  audio?: Texts; // recordings by language, named by their hashes: for the ear, no matter of answers
}

export interface Checklist {
  schema: number;
  title: Texts;
  about: Texts;
  fits: string[];
  sources: { name: Texts; date: string }[];
  items: Item[];
}

export interface Answer {
  value?: unknown;
  words?: string;
  photos?: string[];
  mended?: boolean;
  after?: string[];
}

// `met` of `of`: the weights of what is in order, of what was looked at.
export interface Result {
  asked: string[];
  problems: { item: string; code: string }[];
  failed: string[];
  hazards: { item: string; level: Level }[];
  met: number;
  of: number;
}

interface Known {
  value: unknown;
  failed: boolean;
}

type Verdict = [code: string, failed: boolean];

export const SCHEMA = 1;
const MOST = 1_000_000_000; // beyond it no number is meant
const TO_COME: readonly string[] = ["photo", "after"]; // what was answered counts without them
const LONGEST_TEXT = 500;
const LONGEST_WORDS = 1000;
// Spelt out, for what counts as white or as a digit differs between the two languages.
const BLANK = /^[ \t\r\n\u00a0\u3000]*$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const GRADED: readonly string[] = ["check", "choice", "choices", "number", "date"];

/** Which items are asked, what is missing, what failed. `today` as in 2026-11-21. */
export function evaluate(
  body: Pick<Checklist, "items">,
  answers: Record<string, unknown>,
  today: string,
): Result {
  const result: Result = { asked: [], problems: [], failed: [], hazards: [], met: 0, of: 0 };
  const known = new Map<string, Known>();
  for (const item of body.items) {
    if (!applies(item, known) || item.kind === "note") continue;
    result.asked.push(item.key);
    const answer = Object.hasOwn(answers, item.key) ? answers[item.key] : null;
    judge(item, answer ?? null, today, result, known);
  }
  const named = new Set(body.items.map((item) => item.key));
  for (const key of Object.keys(answers).sort(byCodePoints)) {
    if (!named.has(key)) result.problems.push({ item: key, code: "unknown" });
  }
  return result;
}

/** Is nothing missing and nothing wrong? */
export function complete(result: Result): boolean {
  return result.problems.length === 0;
}

function judge(
  item: Item,
  given: unknown,
  today: string,
  result: Result,
  known: Map<string, Known>,
): void {
  const [code, failed] = verdict(item, given, today);
  if (code) result.problems.push({ item: item.key, code });
  if (code && !TO_COME.includes(code)) return;
  const answer = given as Answer | null;
  if (answer === null || !isGiven(item, answer)) return;
  known.set(item.key, { value: answer.value ?? null, failed });
  if (!canFail(item) || answer.value === "none") return;
  const weight = item.weight ?? 1;
  result.of += weight;
  if (!failed) {
    result.met += weight;
    return;
  }
  result.failed.push(item.key);
  const { hazard } = item;
  if (hazard && !(answer.mended === true && hazard.level === "ordinary")) {
    result.hazards.push({ item: item.key, level: hazard.level });
  }
}

/** Only what can fail is counted as in order: to be asked which gas is used is no merit. */
function canFail(item: Item): boolean {
  if (item.kind === "number") return Object.keys(item.good ?? {}).length > 0;
  return item.kind === "check" || (GRADED.includes(item.kind) && Boolean(item.fails?.length));
}

/** The first thing wrong with an answer, and whether it says that the item failed. */
function verdict(item: Item, given: unknown, today: string): Verdict {
  if (given !== null && !wellFormed(given)) return ["kind", false];
  const answer = given as Answer | null;
  if (answer === null || !isGiven(item, answer)) {
    return [item.required === false ? "" : "missing", false];
  }
  if (typeof answer.words === "string" && signs(answer.words) > LONGEST_WORDS) {
    return ["long", false];
  }
  const [code, failed] = ofKind(item, answer.value ?? null, today);
  if (code) return [code, false];
  if (!answer.photos?.length && wantsPhoto(item, failed)) return ["photo", failed];
  if (failed && answer.mended === true && !answer.after?.length) return ["after", failed];
  return ["", failed];
}

function wellFormed(given: unknown): boolean {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return false;
  const { words, photos, after, mended } = given as Record<string, unknown>;
  return (
    (!truthy(words) || typeof words === "string") &&
    (!truthy(photos) || Array.isArray(photos)) &&
    (!truthy(after) || Array.isArray(after)) &&
    (!truthy(mended) || typeof mended === "boolean")
  );
}

/** As Python has it: empty lists and objects say nothing either, and are taken for what is left out. */
function truthy(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

function isGiven(item: Item, answer: Answer): boolean {
  if (item.kind === "photo") return Boolean(answer.photos?.length);
  const value = answer.value ?? null;
  return value !== null && !(typeof value === "string" && BLANK.test(value));
}

function wantsPhoto(item: Item, failed: boolean): boolean {
  return item.photo === "always" || (item.photo === "failed" && failed);
}

/** Do all of an item's conditions hold? One on what was not asked or answered does not. */
function applies(item: Item, known: Map<string, Known>): boolean {
  return (item.if ?? []).every((one) => holds(one, known.get(one.item)));
}

function holds(condition: Condition, about: Known | undefined): boolean {
  if (about === undefined) return false;
  if (condition.failed !== undefined) return about.failed === condition.failed;
  if (condition.is !== undefined) {
    const said: unknown[] = Array.isArray(about.value) ? about.value : [about.value];
    return said.some((one) => condition.is?.includes(one as string));
  }
  if (typeof about.value !== "number") return false;
  if (condition.above !== undefined) return about.value > condition.above;
  return condition.below !== undefined && about.value < condition.below;
}

function ofKind(item: Item, value: unknown, today: string): Verdict {
  switch (item.kind) {
    case "check":
      return check(item, value);
    case "choice":
      return choice(item, value);
    case "choices":
      return choices(item, value);
    case "number":
      return number(item, value);
    case "text":
      return text(item, value);
    case "date":
      return date(item, value, today);
    default:
      return ["", false];
  }
}

function check(item: Item, value: unknown): Verdict {
  if (value !== "yes" && value !== "no" && value !== "none") return ["option", false];
  if (value === "none" && item.none === false) return ["option", false];
  return ["", (item.fails ?? ["no"]).includes(value)];
}

function choice(item: Item, value: unknown): Verdict {
  if (typeof value !== "string" || !isOption(item, value)) return ["option", false];
  return ["", (item.fails ?? []).includes(value)];
}

function choices(item: Item, value: unknown): Verdict {
  if (!Array.isArray(value) || new Set(value).size < value.length) return ["option", false];
  const all = value.every((one) => typeof one === "string" && isOption(item, one));
  return all ? ["", value.some((one) => (item.fails ?? []).includes(one))] : ["option", false];
}

function isOption(item: Item, value: string): boolean {
  return (item.options ?? []).some((one) => one.key === value);
}

/** `least` and `most` keep out slips of the finger; outside of `good` the item fails. */
function number(item: Item, value: unknown): Verdict {
  if (typeof value !== "number" || !(value >= -MOST && value <= MOST)) return ["number", false];
  if (item.whole && !Number.isInteger(value)) return ["whole", false];
  if (item.least !== undefined && value < item.least) return ["low", false];
  if (item.most !== undefined && value > item.most) return ["high", false];
  return ["", value < (item.good?.from ?? -MOST) || value > (item.good?.to ?? MOST)];
}

function text(item: Item, value: unknown): Verdict {
  if (typeof value !== "string") return ["kind", false];
  return [signs(value) > (item.longest ?? LONGEST_TEXT) ? "long" : "", false];
}

function date(item: Item, value: unknown, today: string): Verdict {
  if (typeof value !== "string" || !isDate(value)) return ["date", false];
  const fails = item.fails ?? [];
  const past = fails.includes("past") && value < today;
  return ["", past || (fails.includes("future") && value > today)];
}

function isDate(said: string): boolean {
  const found = DATE.exec(said);
  if (found === null) return false;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  if (month < 1 || month > DAYS.length) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (DAYS[month - 1] as number) + (leap ? 1 : 0);
}

/** How many signs a text has: one beyond U+FFFF counts once, as on the server. */
function signs(said: string): number {
  return [...said].length;
}

function byCodePoints(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const apart = (left[at] as string).codePointAt(0)! - (right[at] as string).codePointAt(0)!;
    if (apart !== 0) return apart;
  }
  return left.length - right.length;
}
