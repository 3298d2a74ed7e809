// One day's work in the order in which it is walked: the stops of today's rounds, then what waits for
// the worker elsewhere, most urgent first.
import type { Case, Round, Stop, Task } from "./shapes.ts";

export interface Item {
  key: string;
  state: "done" | "skipped" | "now" | "next";
  stop?: Stop;
  round?: Round;
  case?: Case;
  task?: Task;
}

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
  const begun = (one: Task) => one.begins_at === null || Date.parse(one.begins_at) <= now;
  return all.filter((one) => !acted.has(one.id) && begun(one)).sort((one, other) => due(one) - due(other));
}

export function itemsOf(rounds: Round[], cases: Case[], places: Task[] = []): Item[] {
  const items: Item[] = [];
  for (const round of rounds) {
    for (const stop of round.stops) {
      const state = stop.outcome === "" ? "next" : stop.outcome;
      items.push({ key: `${round.id}-${stop.id}`, state, stop, round });
    }
  }
  for (const one of places) items.push({ key: one.id, state: "next", task: one });
  for (const one of cases) items.push({ key: one.id, state: "next", case: one });
  const first = items.find((one) => one.state === "next" && !one.round?.ended_at);
  if (first !== undefined) first.state = "now";
  return items;
}
