// The order in which a day is walked: pure, so that it can be tried without a phone. Where the worker
// stands is one more argument; it is kept nowhere and sent to nobody.
import { metres } from "./position.ts";

export interface Spot {
  lon: number;
  lat: number;
}

/**
 * `laid` keeps its order, for a round's stops were laid in walking order by whoever knows the streets.
 * Each of `loose` is walked where it makes the way least longer; without a `start` the first of all
 * stays the first. What has no place comes last, in the order in which it was given.
 */
export function walked<T>(laid: T[], loose: T[], where: (one: T) => Spot | null, start: Spot | null): T[] {
  const spots = new Map([...laid, ...loose].map((one) => [one, where(one)])); // each asked once
  const spot = (one: T) => spots.get(one) ?? null;
  const way = [...laid];
  const left = loose.filter((one) => spot(one) !== null);
  if (start === null && !way.some((one) => spot(one) !== null) && left.length > 0) way.push(left.shift()!);
  while (left.length > 0) {
    const best = cheapest(way, left, spot, start);
    way.splice(best.at, 0, left[best.which]!);
    left.splice(best.which, 1);
  }
  return [...way, ...loose.filter((one) => spot(one) === null)];
}

interface Choice {
  which: number;
  at: number;
  longer: number;
}

function cheapest<T>(way: T[], left: T[], spot: (one: T) => Spot | null, start: Spot | null): Choice {
  let best: Choice = { which: 0, at: way.length, longer: Number.POSITIVE_INFINITY };
  // What is walked last before each place on the way, and first after it.
  const before: (Spot | null)[] = [start];
  const after: (Spot | null)[] = [null];
  for (const one of way) before.push(spot(one) ?? before.at(-1)!);
  for (const one of [...way].reverse()) after.push(spot(one) ?? after.at(-1)!);
  after.reverse();
  left.forEach((one, which) => {
    for (let at = start === null ? 1 : 0; at <= way.length; at += 1) {
      const longer = detour(before[at]!, spot(one)!, after[at]!);
      if (longer < best.longer) best = { which, at, longer };
    }
  });
  return best;
}

/** How many metres more it is to pass by, between what is walked before and after. */
function detour(before: Spot | null, one: Spot, after: Spot | null): number {
  const there = before === null ? 0 : metres(before, one);
  if (after === null) return there;
  return there + metres(one, after) - (before === null ? 0 : metres(before, after));
}
