import { keepFile, save } from "../capture.ts";
import { Store } from "../db.ts";
import { uuid7 } from "../ids.ts";
import { sync } from "../sync.ts";
import { Vault } from "../vault.ts";
import { Fake } from "./fake.ts";

export async function phone() {
  const db = new Store(`field-${uuid7()}`);
  const vault = new Vault();
  const server = new Fake();
  await db.open();
  const env = { db, vault, server, name: "Redmi 9A" };
  return { ...env, env, sync: () => sync(env) };
}

export type Phone = Awaited<ReturnType<typeof phone>>;

export async function report(at: Phone, photos = 0, record = uuid7()) {
  const ids: string[] = [];
  for (let count = 0; count < photos; count += 1) {
    const bytes = crypto.getRandomValues(new Uint8Array(2000)).buffer;
    ids.push((await keepFile(at.db, at.vault, "report", bytes, "image/jpeg")).id);
  }
  return save(at.db, at.vault, {
    kind: "report",
    record,
    data: { type: "road.ice", words: "台阶结冰", attachments: ids },
    about: { title: "路面结冰", place: "3 号院", icon: "camera" },
    attachments: ids,
    draft: "report",
  });
}
