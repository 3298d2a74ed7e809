// What is kept on the phone lies in boxes: open ones, or shut with a key that a PIN wraps.
//
// The data key (AES-GCM) never leaves the phone and is kept only wrapped (AES-KW) by a key made from
// the PIN (PBKDF2). Whoever copies the whole storage can still try all PINs, slowly: a short PIN
// keeps out the finder of a phone, not a laboratory. The settings page says so.

export type Box<T> = { open: T } | { iv: Uint8Array<ArrayBuffer>; shut: ArrayBuffer; bytes?: true };

export interface Lock {
  salt: Uint8Array<ArrayBuffer>;
  rounds: number;
  wrapped: ArrayBuffer;
}

export const ROUNDS = 600_000;
export const SHORTEST_PIN = 6;

const ALONE = 10 * 60_000; // longer than a call, or a look at something else

/** Whether the phone was out of sight so long that whoever takes it up is asked for the PIN again. Also
 * where the clock was turned back: then nobody knows how long it was. */
export function isLeftAlone(since: number, now: number): boolean {
  return since > 0 && (now < since || now - since > ALONE);
}

export class Locked extends Error {
  override name = "Locked";
}

export class WrongPin extends Error {
  override name = "WrongPin";
}

export class Vault {
  #key: CryptoKey | null = null; // shuts what is written
  #reading: CryptoKey | null = null; // opens what was shut
  #shut = false;

  /** A lock exists: nothing can be read or written until the PIN opened it. */
  close(): void {
    this.#key = this.#reading = null;
    this.#shut = true;
  }

  get locked(): boolean {
    return this.#shut && this.#key === null;
  }

  get sealing(): boolean {
    return this.#key !== null;
  }

  use(key: CryptoKey | null): void {
    this.#key = this.#reading = key;
    this.#shut = false;
  }

  /** From now on nothing is shut any more; what was shut can still be read. */
  onlyRead(): void {
    this.#key = null;
    this.#shut = false;
  }

  /** As it was before `onlyRead`. */
  sealAgain(): void {
    this.#key = this.#reading;
  }

  async seal<T>(value: T): Promise<Box<T>> {
    if (this.locked) throw new Locked();
    if (this.#key === null) return { open: value };
    const raw = value instanceof ArrayBuffer ? value : new TextEncoder().encode(JSON.stringify(value));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const shut = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.#key, raw);
    return value instanceof ArrayBuffer ? { iv, shut, bytes: true } : { iv, shut };
  }

  async open<T>(box: Box<T>): Promise<T> {
    if ("open" in box) return box.open;
    if (this.#reading === null) throw new Locked();
    const raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, this.#reading, box.shut);
    return (box.bytes ? raw : JSON.parse(new TextDecoder().decode(raw))) as T;
  }

  /** Null where this one box cannot be opened: it must not hide all the others. */
  async tried<T>(box: Box<T>): Promise<T | null> {
    return this.open(box).catch(() => null);
  }
}

async function fromPin(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds },
    secret,
    { name: "AES-KW", length: 256 },
    false,
    ["wrapKey", "unwrapKey"],
  );
}

/** A new data key and how it is kept. */
export async function makeLock(pin: string, rounds = ROUNDS): Promise<{ lock: Lock; key: CryptoKey }> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const wrapped = await crypto.subtle.wrapKey("raw", made, await fromPin(pin, salt, rounds), "AES-KW");
  const lock = { salt, rounds, wrapped };
  return { lock, key: await openLock(lock, pin) };
}

export async function openLock(lock: Lock, pin: string): Promise<CryptoKey> {
  const wrapping = await fromPin(pin, lock.salt, lock.rounds);
  try {
    return await crypto.subtle.unwrapKey("raw", lock.wrapped, wrapping, "AES-KW", "AES-GCM", false, [
      "encrypt",
      "decrypt",
    ]);
  } catch {
    throw new WrongPin();
  }
}
