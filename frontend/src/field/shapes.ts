// What the server's rows hold, as docs/sync.md says. Only what the screens use is named.
import type { Checklist } from "./checklist.ts";
import type { Named } from "./words.svelte.ts";

export interface Me {
  name: Named;
  zone?: string;
  posts: { role: string; unit: Named; area: Named }[];
  grids: string[];
  left_out?: number;
  kinds?: Record<string, Named>; // of places
}

export interface Grid {
  id: string;
  code: string;
  name: Named;
  above?: Named[];
  lon: number | null;
  lat: number | null;
  outline: { type: string; coordinates: unknown } | null;
}

export interface Place {
  id: string;
  version: number;
  code: string;
  kind: string;
  name: Named;
  address: Named;
  grid: string;
  lon: number;
  lat: number;
}

export interface Need {
  name: string;
  kind: string;
  label: Named;
  required: boolean;
  options?: [string, Named][];
}

export interface Action {
  key: string;
  label: Named;
  icon: string;
  primary: boolean;
  allowed: boolean;
  reason: string;
  needs: Need[];
  one_of?: string[];
}

export interface Case {
  id: string;
  version: number;
  number: string;
  type: string;
  title: Named;
  words: string;
  state: string;
  stage: string;
  label: Named;
  urgent: boolean;
  grid: string | null;
  place: string | null;
  lon: number | null;
  lat: number | null;
  address: Named;
  opened_at: string;
  due_at: string | null;
  photos: number;
  pictures?: string[]; // the latest, by whomever
  actions: Action[];
}

/** Something to be done at a place, of whatever kind: the server says what, and what can be done. */
/** One line of a list that is ticked: "" until they are here. */
export interface Person {
  id: string;
  name: string;
  state: "" | "here" | "gone";
}

export interface Task {
  id: string;
  version: number;
  source: string;
  title: Named;
  note: Named;
  icon: string;
  place: string | null;
  begins_at: string | null;
  due_at: string | null;
  actions: Action[];
  people?: Person[]; // of a list
}

export interface Question {
  code: string;
  datatype: string;
  required: boolean;
  label: Named;
  options?: { key: string; name: Named }[];
}

export interface CaseType {
  id: string;
  group: string;
  group_name: Named;
  icon: string;
  name: Named;
  description: Named;
  urgent: boolean;
  form: Question[];
}

export interface Stop {
  id: string;
  place: string | null;
  name: Named;
  note: Named;
  checklist: string | null;
  items: number;
  walk: number; // minutes on foot from the stop before, as the server reckons
  outcome: "" | "done" | "skipped";
  reason: string;
  at: string | null;
  lon: number | null;
  lat: number | null;
}

export interface Round {
  id: string;
  name: Named;
  day: string;
  from: string | null;
  until: string | null;
  started_at: string | null;
  ended_at: string | null;
  stops: Stop[];
}

/** Places of one kind of use, kept up on rounds: what each register asks, and what stands in it. */
export interface Register {
  id: string;
  name: Named;
  about: Named;
  states: { key: string; name: Named }[];
  fields: Field[];
}

export interface Field {
  key: string;
  kind: "number" | "day" | "hours" | "choice" | "place";
  name: Named;
  most: number;
  options: { key: string; name: Named }[];
  fits: string[];
}

export interface Entry {
  id: string;
  version: number;
  register: string;
  place: string;
  state: string;
  values: Record<string, string | number>;
  since: string;
}

export interface Held {
  id: string;
  version: number;
  body: Checklist;
}
