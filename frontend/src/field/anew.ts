// A piece of the app is not to be had: another version lies on the server by now, or there is no
// network before all of it was fetched. The app begins anew where that helps and loses nothing.
import { drafts, model, tell } from "./model.svelte.ts";
import { stay } from "./route.svelte.ts";
import { t } from "./words.svelte.ts";

const ONCE = 30_000;

export async function anew(error: unknown): Promise<void> {
  console.error(error);
  await drafts.kept();
  if (!model.unkept && !justNow() && (await canStart())) return location.reload();
  stay();
  tell(t("piece_missing"), "circle-alert");
}

/** Where it did not help a moment ago, it would go round and round. */
function justNow(): boolean {
  const last = Number(sessionStorage.getItem("field-anew") ?? 0);
  sessionStorage.setItem("field-anew", String(Date.now()));
  return Math.abs(Date.now() - last) < ONCE;
}

/** Out of the phone's own cache, or else off the server. */
async function canStart(): Promise<boolean> {
  if (navigator.serviceWorker?.controller) return true;
  const answer = fetch("/field/", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(10_000) });
  return answer.then((one) => one.ok, () => false);
}
