import { type Taken, keepFile, save } from "../capture.ts";
import { Store } from "../db.ts";
import { actOf, stepOf, stopOf } from "../doing.ts";
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

export async function shoot(at: Phone, many: number, draft = "report"): Promise<string[]> {
  const ids: string[] = [];
  for (let count = 0; count < many; count += 1) {
    const bytes = crypto.getRandomValues(new Uint8Array(2000)).buffer;
    ids.push((await keepFile(at.db, at.vault, draft, bytes, "image/jpeg")).id);
  }
  return ids;
}

export function reporting(record: string, ids: string[]): Taken {
  return {
    kind: "report",
    record,
    data: { type: "road.ice", words: "台阶结冰", attachments: ids },
    about: { title: "路面结冰", place: "3 号院", icon: "camera" },
    attachments: ids,
    draft: "report",
  };
}

export async function report(at: Phone, photos = 0, record = uuid7()) {
  return save(at.db, at.vault, reporting(record, await shoot(at, photos)));
}

const ABOUT = { title: "看过了", place: "1 号巷口", icon: "check" };

export async function act(at: Phone, record: string, photos = 0) {
  const ids = await shoot(at, photos, `act-${record}-arrive`);
  return save(at.db, at.vault, await actOf(at.db, { id: record, version: 3 }, { key: "arrive" }, {}, ids, ABOUT));
}

/** A round walked as far as it goes: its start, a stop, a checklist at another with a photo, its end. */
export async function walk(at: Phone, round: string, parts = 4) {
  const photos = parts > 2 ? await shoot(at, 1, "check") : [];
  const list: Taken = {
    kind: "checklist",
    record: uuid7(),
    data: { checklist: "road_ice", version: 1, round, stop: uuid7(), answers: {}, attachments: photos },
    about: ABOUT,
    attachments: photos,
  };
  const all = [stepOf({ id: round }, "round_start", ABOUT), stopOf({ id: round }, { id: uuid7() }, "done", "", ABOUT), list, stepOf({ id: round }, "round_end", ABOUT)];
  const saved = [];
  for (const one of all.slice(0, parts)) saved.push(await save(at.db, at.vault, one));
  return saved;
}
