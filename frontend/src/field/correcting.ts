// What stands of a place or in a register, field by field, and what a worker says it is instead. Pure.
// Only what differs is said, with what stood there: so the server sees whether somebody else was first.
import type { Entry, Place, Register } from "./shapes.ts";

export type Flat = Record<string, unknown>;
export type Changes = Record<string, { from: unknown; to: unknown }>;
export const TONGUES = ["zh-hans", "bo", "en"] as const;

const text = (of: unknown, language: string) => (of as Record<string, string> | null)?.[language] ?? "";

export function flatPlace(one: Place): Flat {
  const flat: Flat = {};
  for (const language of TONGUES) {
    flat[`name.${language}`] = text(one.name, language);
    flat[`address.${language}`] = text(one.address, language);
  }
  return { ...flat, kind: one.kind, point: [one.lon, one.lat] };
}

/** Every field of the register, null where nothing is known. */
export function flatEntry(one: Entry, of: Register): Flat {
  const fields = of.fields.map((field) => [field.key, one.values[field.key] ?? null]);
  return { state: one.state, ...Object.fromEntries(fields) };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

export function changesOf(before: Flat, after: Flat): Changes {
  const differ = Object.keys(after).filter((key) => !same(before[key], after[key]));
  return Object.fromEntries(differ.map((key) => [key, { from: before[key], to: after[key] }]));
}

/** The same said once more over what stands there by now, which whoever says it has read. */
export function saidAnew(changes: Changes, now: Flat): Changes {
  return Object.fromEntries(Object.entries(changes).map(([key, one]) => [key, { from: now[key] ?? null, to: one.to }]));
}

export interface Said {
  state: string;
  answered_at: string | null;
  data: Record<string, unknown>;
}

/** What stands there with what this phone said since over it, as far as the server did not refuse it. */
export function laidOver(flat: Flat, said: Said[], fetched: string): Flat {
  const counts = (one: Said) =>
    one.state === "waiting" || one.state === "held" || (one.state === "applied" && (one.answered_at ?? "") >= fetched);
  const over: Flat = { ...flat };
  for (const one of said.filter(counts)) {
    for (const [key, change] of Object.entries((one.data.changes ?? {}) as Changes)) over[key] = change.to;
  }
  return over;
}

/** A number or hours as typed; undefined where it is none. */
export function readField(of: Asked, typed: string): unknown {
  const value = typed.trim();
  if (value === "") return null;
  if (of.kind === "number") return /^\d{1,9}$/.test(value) && Number(value) <= of.most ? Number(value) : undefined;
  if (of.kind !== "hours") return value;
  const [from, until] = value.split("-");
  return from && until && from !== until ? value : undefined;
}

type Asked = Pick<Register["fields"][number], "kind" | "most">;
