// Setting a PIN and taking it away, while records may be written down at the same moment.
import type { Store } from "./db.ts";
import { anyShut, reseal } from "./storage.ts";
import { ROUNDS, Vault, makeLock } from "./vault.ts";

/** First how the key is kept, then what it shuts: a phone that dies between has lost nothing. */
export async function setPin(db: Store, vault: Vault, pin: string, rounds = ROUNDS): Promise<void> {
  const made = await makeLock(pin, rounds);
  await db.keep("lock", made.lock);
  vault.use(made.key);
  await reseal(db, new Vault(), vault);
}

const TURNS = 5;

/** From the first moment nothing more is shut; the lock goes only when no shut box is left. */
export async function takePinAway(db: Store, vault: Vault): Promise<void> {
  vault.onlyRead();
  try {
    for (let turn = 0; turn < TURNS; turn += 1) {
      await reseal(db, vault, vault);
      if (await dropLock(db)) return vault.use(null);
    }
  } catch (error) {
    vault.sealAgain();
    throw error;
  }
  vault.sealAgain();
  throw new Error("another tab goes on shutting what it writes");
}

/** In one transaction with looking: what another tab shuts is either seen here, or finds no lock. */
async function dropLock(db: Store): Promise<boolean> {
  return db.transaction("rw", db.tables, async () => {
    if (await anyShut(db)) return false;
    await db.meta.delete("lock");
    return true;
  });
}
