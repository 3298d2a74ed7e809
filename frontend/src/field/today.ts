// One day's work in the order in which it is walked: what is urgent first, then where people are met
// just now, then the stops of today's rounds, with what waits for the worker elsewhere where they come by.
import { type Spot, walked } from "./order.ts";
import type { Case, Round, Stop, Task } from "./shapes.ts";

export interface Item {
  key: string;
  state: "done" | "skipped" | "now" | "next";
  stop?: Stop;
  round?: Round;
  case?: Case;
  task?: Task;
}

const BEFORE = 12 * 3_600_000; // that a list is shown before it begins
const AROUND = 1_800_000; // before people meet and after, in which somebody goes there or sees them off

// Anybody may take a wish from the wall: an offer, and nobody's task.
const OFFERS = "wish.";

/** Cases in which something is the worker's to do now. */
export function tasks(cases: Case[], acted: Set<string>): Case[] {
  const waits = (one: Case) => one.actions.some((action) => action.allowed && action.primary);
  const mine = cases.filter((one) => !acted.has(one.id) && !one.type.startsWith(OFFERS) && waits(one));
  const due = (one: Case) => (one.due_at === null ? Number.MAX_SAFE_INTEGER : Date.parse(one.due_at));
  return mine.sort((one, other) => Number(other.urgent) - Number(one.urgent) || due(one) - due(other));
}

/** Tasks at places that have begun and that nothing was done with yet, by when they are due. */
export function open(all: Task[], acted: Set<string>, now: number): Task[] {
  const due = (one: Task) => (one.due_at === null ? Number.MAX_SAFE_INTEGER : Date.parse(one.due_at));
  // A list is ticked again and again, and looked at on the way there.
  const begins = (one: Task) => (one.begins_at === null ? 0 : Date.parse(one.begins_at) - (one.people ? BEFORE : 0));
  const waits = (one: Task) => one.people !== undefined || !acted.has(one.id);
  return all.filter((one) => waits(one) && begins(one) <= now).sort((one, other) => due(one) - due(other));
}

export interface Where {
  spot: (item: Item) => Spot | null;
  start: Spot | null; // where the worker stands, if that was told just now
}

const NOWHERE: Where = { spot: () => null, start: null };

/** Where people meet at an hour, there one is at that hour, and not when one comes by. */
function meeting(one: Task, now: number): "now" | "else" | null {
  if (one.people === undefined || one.begins_at === null) return null;
  const ends = one.due_at === null ? Number.POSITIVE_INFINITY : Date.parse(one.due_at);
  return Date.parse(one.begins_at) - AROUND <= now && now <= ends + AROUND ? "now" : "else";
}

/** What was walked stays on top as it was walked; then what is urgent; then who meets now; then the rest, each
 * on its way; and last who meets at another hour. */
export function itemsOf(rounds: Round[], cases: Case[], places: Task[] = [], where = NOWHERE, now = Date.now()): Item[] {
  const stops = rounds.flatMap((round) => round.stops.map((stop) => stopItem(round, stop)));
  const past = stops.filter((one) => one.state !== "next" || one.round?.ended_at);
  const laid = stops.filter((one) => !past.includes(one));
  const loose: Item[] = [
    ...places.filter((task) => meeting(task, now) === null).map(taskItem),
    ...cases.map((one): Item => ({ key: one.id, state: "next", case: one })),
  ];
  const first = walked([], loose.filter((one) => one.case?.urgent), where.spot, where.start);
  const from = first.map(where.spot).filter((one) => one !== null).at(-1) ?? where.start;
  const rest = walked(laid, loose.filter((one) => !one.case?.urgent), where.spot, from);
  const hour = (one: Task) => Date.parse(one.begins_at!);
  const met = (when: "now" | "else") =>
    places.filter((one) => meeting(one, now) === when).sort((one, other) => hour(one) - hour(other)).map(taskItem);
  const meetings = met("now");
  const later = met("else");
  const [next] = [...first, ...meetings, ...rest, ...later];
  if (next !== undefined) next.state = "now";
  // Whatever lies before it, the round's next stop can be recorded.
  const stop = rest.find((one) => one.stop);
  if (stop !== undefined) stop.state = "now";
  for (const one of meetings) one.state = "now";
  return [...past, ...first, ...meetings, ...rest, ...later];
}

function taskItem(task: Task): Item {
  return { key: task.id, state: "next", task };
}

function stopItem(round: Round, stop: Stop): Item {
  return { key: `${round.id}-${stop.id}`, state: stop.outcome === "" ? "next" : stop.outcome, stop, round };
}
