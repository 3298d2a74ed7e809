// Questions that somebody recorded: fetched while there is a network, played without one. They lie
// beside the app, not among the records: nothing of anybody's is in them.
import type { Held } from "./shapes.ts";

const KEPT = "field-sounds";
export const MOST = 20 * 1024 * 1024; // of the budget for photos

const addressOf = (sha256: string) => `/checklists/sounds/${sha256}.m4a`;

function named(lists: Held[], language: string): string[] {
  return lists.flatMap((list) => list.body.items.flatMap((item) => item.audio?.[language] ?? [])).map(addressOf);
}

async function sizeOf(answer: Response | undefined): Promise<number> {
  return (await answer?.clone().blob())?.size ?? 0;
}

/** How much of the phone they take. */
export async function heavy(): Promise<number> {
  if (!("caches" in globalThis)) return 0;
  const kept = await caches.open(KEPT);
  const sizes = await Promise.all((await kept.keys()).map(async (one) => sizeOf(await kept.match(one))));
  return sizes.reduce((sum, one) => sum + one, 0);
}

/** Those of the worker's language are fetched, as far as there is room; what no list names goes. */
export async function fetchSounds(lists: Held[], language: string): Promise<void> {
  if (!("caches" in globalThis)) return;
  const kept = await caches.open(KEPT);
  const wanted = new Set(named(lists, language));
  for (const one of await kept.keys()) {
    if (!wanted.has(new URL(one.url).pathname)) await kept.delete(one);
  }
  const here = new Set((await kept.keys()).map((one) => new URL(one.url).pathname));
  const missing = [...wanted].filter((one) => !here.has(one));
  let room = missing.length > 0 ? MOST - (await heavy()) : 0;
  for (const address of missing) {
    if (room <= 0) return;
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok || answer.headers.get("Content-Type") !== "audio/mp4") continue;
    room -= await sizeOf(answer);
    await kept.put(address, new Response(await answer.blob(), { headers: { "Content-Type": "audio/mp4" } }));
  }
}

/** An address to play it from, if it is on the phone or can be fetched now. */
export async function soundOf(sha256: string): Promise<string | null> {
  const kept = "caches" in globalThis ? await (await caches.open(KEPT)).match(addressOf(sha256)) : undefined;
  const answer = kept ?? (await fetch(addressOf(sha256)).catch(() => undefined));
  return answer?.ok ? URL.createObjectURL(await answer.blob()) : null;
}

export async function forgetSounds(): Promise<void> {
  if ("caches" in globalThis) await caches.delete(KEPT);
}
