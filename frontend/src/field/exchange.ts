// All that speaks with the server, in one piece that the first screen does not wait for.
import type { Paused, Store } from "./db.ts";
import { overHttp } from "./server.ts";
import { sync } from "./sync.ts";
import type { Vault } from "./vault.ts";
import { look } from "./words.svelte.ts";

export { fetchSounds } from "./sounds.ts";
export { askToPersist } from "./storage.ts";

const server = overHttp(() => look.language);

export function exchange(db: Store, vault: Vault, name: string): Promise<Paused | null> {
  return sync({ db, vault, server, name });
}
