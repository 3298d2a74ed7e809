// Signing out empties the phone, for whoever holds it next. First what has not arrived is in a file.
import type { Store } from "./db.ts";
import { wipe } from "./storage.ts";
import { inRescue, unsaved } from "./tray.ts";

/** "rescue": something is on this phone only; "failed": the server did not end the session. */
export async function leave(db: Store, signOut: () => Promise<boolean>): Promise<"gone" | "rescue" | "failed"> {
  if (await keeps(db)) return "rescue";
  if (!(await signOut())) return "failed";
  if (await keeps(db)) return "rescue"; // written down in another tab meanwhile
  await wipe(db);
  return "gone";
}

async function keeps(db: Store): Promise<boolean> {
  return (await unsaved(db)) > 0 && !(await inRescue(db));
}
