// Finding a place among several hundred doors: by any of its names, its address or its code. Pure.
import { doorCode } from "./doors.ts";
import { type Point, nearest } from "./position.ts";
import type { Place } from "./shapes.ts";
import type { Named } from "./words.svelte.ts";

const every = (one: Named): string => (typeof one === "string" ? one : Object.values(one ?? {}).join(" "));

/** Each word of what was typed stands somewhere in it, in whatever language the screen is. */
export function matching(places: Place[], typed: string): Place[] {
  const code = doorCode(typed);
  if (code) return places.filter((one) => one.code === code);
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return places;
  return places.filter((one) => {
    const text = `${every(one.name)} ${every(one.address)} ${one.code}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

const byNumber = new Intl.Collator("zh-CN", { numeric: true });

/** As doors are counted: 2 before 10. */
export function counted(places: Place[], name: (one: Place) => string): Place[] {
  const named = places.map((one): [Place, string] => [one, name(one)]);
  return named.sort((one, other) => byNumber.compare(one[1], other[1])).map(([one]) => one);
}

/** From where the worker stands, with metres; else as they are counted, with none. */
export function listed(places: Place[], point: Point | null, name: (one: Place) => string): [Place, number][] {
  if (point) return nearest(places, point, places.length);
  return counted(places, name).map((one) => [one, Number.NaN]);
}
