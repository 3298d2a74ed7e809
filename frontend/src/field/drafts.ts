// What was begun and not saved: listed in the tray, so that none is forgotten because the screen on
// which it was begun cannot be found again.
import type { Store } from "./db.ts";
import type { Vault } from "./vault.ts";

export interface Drafted {
  id: string;
  at: string;
  kind: "report" | "check" | "act" | "place" | "entry";
  value: Record<string, unknown> | null; // null: it cannot be read
  way: string[] | null; // to the screen that goes on with it
}

const UUID = 36;

export async function openDrafts(db: Store, vault: Vault): Promise<Drafted[]> {
  const all = await db.drafts.toArray();
  all.sort((one, other) => one.at.localeCompare(other.at));
  return Promise.all(
    all.map(async ({ id, at, box }) => {
      const value = await vault.tried(box);
      return { id, at, kind: kindOf(id), value, way: value === null ? null : wayOf(id, value) };
    }),
  );
}

function kindOf(id: string): Drafted["kind"] {
  return (["check", "act", "place", "entry"] as const).find((one) => id.startsWith(`${one}-`)) ?? "report";
}

function wayOf(id: string, value: Record<string, unknown>): string[] {
  if (kindOf(id) === "check") return checkWay(id, value);
  if (kindOf(id) === "act") return ["case", id.slice(4, 4 + UUID), id.slice(5 + UUID)];
  if (kindOf(id) === "place" || kindOf(id) === "entry") return [kindOf(id), id.slice(kindOf(id).length + 1)];
  return id === "report" ? ["report"] : ["report", "", id];
}

/** A checklist's draft says where it was begun; one of an older app is told from its name. */
function checkWay(id: string, value: Record<string, unknown>): string[] {
  if (Array.isArray(value.way)) return value.way.map(String);
  const found = /^check-(.+)-(-|[0-9a-f-]{36})-(-|[0-9a-f-]{36})$/.exec(id);
  return found ? ["check", found[1]!, found[2]!, "-", found[3]!, String(value.record ?? "")] : ["today"];
}
