// The screens, each a piece of its own: fetched when it is first asked for, and all of them once the
// app has nothing else to do. They lie on the phone together with the first one (sw.ts).
import type { Component } from "svelte";
import { idle } from "./steps.ts";
import { bringWords } from "./words.svelte.ts";

// What each is given stands beside it.
type Screen = Component<any>;
type Given = Record<string, string>;

interface Piece {
  get: () => Promise<{ default: Screen }>;
  given?: (path: string[]) => Given; // a screen of one thing begins anew with another
}

const one = (path: string[]): Given => ({ id: path[1] ?? "" });
const check = ([, list = "", place = "-", round = "-", stop = "-", fresh = ""]: string[]): Given => ({ list, place, round, stop, fresh });

const PIECES: Record<string, Piece> = {
  today: { get: () => import("./screens/Today.svelte") },
  report: { get: () => import("./screens/Report.svelte"), given: () => ({}) }, // of one draft
  case: { get: () => import("./screens/Case.svelte"), given: (path) => ({ ...one(path), act: path[2] ?? "" }) },
  check: { get: () => import("./screens/Check.svelte"), given: check },
  task: { get: () => import("./screens/Task.svelte"), given: one },
  place: { get: () => import("./screens/Place.svelte"), given: one },
  entry: { get: () => import("./screens/Entry.svelte"), given: one },
  grid: { get: () => import("./screens/Grid.svelte") },
  tray: { get: () => import("./screens/Tray.svelte") },
  settings: { get: () => import("./screens/Settings.svelte") },
  storage: { get: () => import("./screens/Storage.svelte") },
};
// Not by an address, but by what became of the phone.
const STATES: Record<string, Piece> = {
  unlock: { get: () => import("./screens/Unlock.svelte") },
  revoked: { get: () => import("./screens/Revoked.svelte") },
};

let here = $state.raw<Record<string, Screen>>({});

/** Which screen an address means; what means none is today's. */
export function nameOf(path: string[]): string {
  return Object.hasOwn(PIECES, path[0] ?? "") ? path[0]! : "today";
}

export function screen(name: string): Screen | undefined {
  return here[name];
}

export function given(path: string[]): Given | undefined {
  return PIECES[nameOf(path)]!.given?.(path);
}

/** Fails where the piece is neither on the phone nor to be had. */
export async function bring(name: string): Promise<void> {
  if (name in here) return;
  const { default: found } = await (PIECES[name] ?? STATES[name])!.get();
  here = { ...here, [name]: found };
}

/** So that a page that stays open for days has all its screens, whatever is on the server by then. */
export async function bringAll(): Promise<void> {
  for (const name of Object.keys({ ...PIECES, ...STATES })) {
    await idle();
    await bring(name).catch(console.error);
  }
  await bringWords().catch(console.error);
}
