// A round as the server gives it, and what this phone did on it since: pure, so that it can be tried
// without a browser.
import type { Round, Stop } from "./shapes.ts";

export interface Step {
  kind: string;
  record: string;
  occurred_at: string;
  data: Record<string, unknown>;
}

export function readRound(row: Record<string, unknown> & { id: string }): Round {
  const stops = (row.stops as Record<string, unknown>[] | undefined) ?? [];
  return {
    id: row.id,
    name: row.name as Round["name"],
    day: String(row.day ?? row.on ?? ""),
    until: (row.due_at as string | null | undefined) ?? (row.until as string | null | undefined) ?? null,
    started_at: (row.started_at as string | null | undefined) ?? null,
    ended_at: (row.ended_at as string | null | undefined) ?? null,
    stops: stops.map(readStop),
  };
}

function readStop(row: Record<string, unknown>): Stop {
  const place = row.place;
  const inner = typeof place === "object" && place !== null ? (place as Record<string, unknown>) : {};
  return {
    id: String(row.id ?? row.uuid ?? row.stop ?? ""),
    place: typeof place === "string" ? place : ((inner.id ?? inner.uuid ?? null) as string | null),
    name: (row.name ?? inner.name ?? "") as Stop["name"],
    note: (row.note ?? row.task ?? row.words ?? "") as Stop["note"],
    checklist: (row.checklist as string | null | undefined) || null,
    outcome: (row.outcome as Stop["outcome"] | null | undefined) ?? "",
    reason: String(row.reason ?? ""),
    at: (row.at ?? row.done_at ?? row.occurred_at ?? null) as string | null,
    lon: (row.lon ?? inner.lon ?? null) as number | null,
    lat: (row.lat ?? inner.lat ?? null) as number | null,
  };
}

/** What this phone did is laid over what was fetched; the first outcome of a stop counts. */
export function overlaid(round: Round, steps: Step[]): Round {
  const own = steps.filter((step) => step.record === round.id || step.data.round === round.id);
  own.sort((one, other) => Date.parse(one.occurred_at) - Date.parse(other.occurred_at));
  const said = (kind: string) => own.find((step) => step.kind === kind)?.occurred_at ?? null;
  return {
    ...round,
    started_at: round.started_at ?? said("round_start"),
    ended_at: round.ended_at ?? said("round_end"),
    stops: round.stops.map((stop) => {
      if (stop.outcome) return stop;
      const step = own.find((one) => one.data.stop === stop.id);
      if (step === undefined) return stop;
      const skipped = step.data.outcome === "skipped";
      return {
        ...stop,
        outcome: skipped ? ("skipped" as const) : ("done" as const),
        reason: String(step.data.reason ?? ""),
        at: step.occurred_at,
      };
    }),
  };
}

export function running(round: Round): boolean {
  return round.started_at !== null && round.ended_at === null;
}

export function isOn(round: Round, day: string): boolean {
  return round.day === "" || round.day === day || running(round);
}
