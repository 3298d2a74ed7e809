// What a fault is about, in the worker's words: fields have names here, not addresses.

const NAMES = {
  lon: "field_point",
  lat: "field_point",
  point: "field_point",
  place: "field_place",
  code: "field_place",
  address: "field_place",
  type: "field_type",
  words: "field_words",
  language: "field_words",
  attachments: "field_photos",
  photos: "field_photos",
  answers: "field_answers",
  checklist: "field_answers",
  version: "field_answers",
  reason: "field_reason",
  outcome: "field_reason",
  given: "field_given",
  attributes: "field_given",
  changes: "field_changes",
  occurred_at: "field_clock",
} as const;

/** The part of a record that a field's address speaks of: of "data.given.words" the innermost known. */
export function fieldOf(address: string): (typeof NAMES)[keyof typeof NAMES] | null {
  const known = address.split(".").filter((part): part is keyof typeof NAMES => part in NAMES);
  const last = known.at(-1);
  return last === undefined ? null : NAMES[last];
}
