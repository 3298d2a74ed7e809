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
  const state = String(row.state ?? "planned");
  const begun = state === "started" || state === "ended";
  return {
    id: row.id,
    name: row.name as Round["name"],
    day: String(row.day ?? ""),
    from: (row.from as string | null | undefined) ?? null,
    until: (row.until as string | null | undefined) ?? null,
    started_at: begun ? earliest(stops, (row.from as string | null | undefined) ?? null) : null,
    ended_at: state === "ended" ? String(row.until ?? row.day) : null,
    stops: stops.map(readStop),
  };
}

/** When somebody set out, as far as it can be told: the server says only that somebody did. */
function earliest(stops: Record<string, unknown>[], from: string | null): string {
  const times = stops.map((one) => one.occurred_at as string | null).filter((one) => one !== null && one !== undefined);
  return [...times, ...(times.length === 0 && from ? [from] : [])].sort()[0] ?? "";
}

function readStop(row: Record<string, unknown>): Stop {
  return {
    id: String(row.id),
    place: (row.place as string | null | undefined) ?? null,
    name: (row.name ?? "") as Stop["name"],
    note: (row.note ?? "") as Stop["note"],
    checklist: (row.checklist as string | null | undefined) || null,
    items: Number(row.items ?? 0),
    walk: Number(row.walk ?? 0),
    outcome: (row.outcome as Stop["outcome"] | null | undefined) ?? "",
    reason: String(row.reason ?? ""),
    at: (row.occurred_at as string | null | undefined) ?? null,
    lon: (row.lon as number | null | undefined) ?? null,
    lat: (row.lat as number | null | undefined) ?? null,
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
