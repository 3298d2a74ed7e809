// Erasing what was fetched, in time: before anything of it is shown.
import type { Store } from "./db.ts";

/** What was pulled goes when its time is over; what the worker wrote never does. */
export async function expire(db: Store, at = new Date()): Promise<boolean> {
  const limit = await db.got("expires_at");
  if (limit === undefined || Date.parse(limit) > at.getTime()) return false;
  await db.transaction("rw", db.rows, db.meta, async () => {
    await db.rows.clear();
    await db.meta.bulkDelete(["cursor", "expires_at"]);
  });
  return true;
}
