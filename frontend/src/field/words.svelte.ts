// The app's own words in three languages. What the server names (places, kinds of matter, actions)
// comes in all three already: `said` picks one. Only the language in use is read.
import { type Tongue, dateOf, hourOf, weekdayOf } from "./times.ts";
import type { en } from "./words/en.ts";

export type Language = Tongue;
export type Key = keyof typeof en;
export type Named = Partial<Record<Language, string>> | string | null | undefined;

type Words = Record<Key, string>;
const WORDS: Record<Language, () => Promise<Words>> = {
  "zh-hans": () => import("./words/zh.ts").then(({ zh }) => zh),
  bo: () => import("./words/bo.ts").then(({ bo }) => bo),
  en: () => import("./words/en.ts").then(({ en }) => en),
};
export const LANGUAGES: [Language, string][] = [
  ["zh-hans", "中文"],
  ["bo", "བོད་ཡིག"],
  ["en", "English"],
];

function cookie(name: string): string | undefined {
  return document.cookie
    .split("; ")
    .find((one) => one.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

function remembered(name: string): string {
  return localStorage.getItem(`field-${name}`) ?? cookie(name) ?? "";
}

function chosen(): Language {
  const wish = remembered("language") || navigator.language;
  return LANGUAGES.find(([code]) => wish.startsWith(code.slice(0, 2)))?.[0] ?? "zh-hans";
}

export type Look = "size" | "theme";
export const look = $state({ language: chosen(), size: remembered("size"), theme: remembered("theme") });
let words = $state.raw({} as Words);

/** The words of the language that was chosen, and then the look: nothing is said before. */
export async function speak(): Promise<void> {
  const language = chosen();
  const found = await WORDS[language]();
  if (language !== chosen()) return; // another was chosen meanwhile
  words = found;
  Object.assign(look, { language, size: remembered("size"), theme: remembered("theme") });
  wear();
}

function wear(): void {
  const root = document.documentElement;
  root.lang = look.language;
  root.dataset.size = look.size;
  root.dataset.theme = look.theme;
  document.title = t("app_name");
}

export function choose(name: "language" | Look, value: string): void {
  localStorage.setItem(`field-${name}`, value);
  void speak().catch(console.error);
}

/** So that another language can be chosen out of reach, whatever is on the server by then. */
export async function bringWords(): Promise<void> {
  for (const get of Object.values(WORDS)) await get();
}

// Chosen in another tab: this one must not go on in another language.
addEventListener("storage", () => void speak().catch(console.error));

export function t(key: Key, given: Record<string, string | number> = {}): string {
  return words[key].replace(/\{(\w+)\}/g, (_, name: string) => String(given[name] ?? ""));
}

export function said(name: Named): string {
  if (!name) return "";
  if (typeof name === "string") return name;
  return name[look.language] || name["zh-hans"] || name.en || name.bo || "";
}

export function hour(when: Date | string): string {
  return hourOf(new Date(when));
}

export function date(when: Date | string): string {
  return dateOf(new Date(when), look.language);
}

export function weekday(when: Date): string {
  return weekdayOf(when, look.language);
}

export function moment(when: Date | string): string {
  const same = new Date(when).toDateString() === new Date().toDateString();
  return same ? hour(when) : `${date(when)} ${hour(when)}`;
}

/** From when until when. */
export function span(from: string | null, to: string | null): string {
  return from && to ? `${moment(from)}–${hour(to)}` : "";
}

export function bytes(size: number): string {
  if (size < 1024 * 1024) return `${Math.max(1, Math.round(size / 1024))} kB`;
  return `${(size / 1024 / 1024).toFixed(1).replace(".0", "")} MB`;
}
