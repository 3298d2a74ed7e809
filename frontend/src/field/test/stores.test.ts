// Databases that earlier apps left on phones, as data (`stores/`): each opens under this app with all
// that was pending, and brings it in. Whoever changes the stores, or the shape of what lies in them,
// leaves one more here, made by the app as it was before.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readDraft } from "../capture.ts";
import { SCHEMA, Store } from "../db.ts";
import { sha256, uuid7 } from "../ids.ts";
import { sync } from "../sync.ts";
import { pending } from "../tray.ts";
import { Vault } from "../vault.ts";
import { Fake } from "./fake.ts";

type Row = Record<string, unknown>;
interface Left {
  schema: number;
  stores: Record<string, string>;
  rows: Record<string, Row[]>;
}

const FOLDER = join(import.meta.dirname, "stores");
const LEFT = readdirSync(FOLDER).map((name): [string, Left] => [name, JSON.parse(readFileSync(join(FOLDER, name), "utf8"))]);

/** As it lies on the disk: bytes are bytes. */
function raw(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(raw);
  if (value === null || typeof value !== "object") return value;
  if ("base64" in value) return new Uint8Array(Buffer.from(String(value.base64), "base64")).buffer;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, raw(one)]));
}

/** By the browser's own means: the app of then is gone. */
async function laid(left: Left): Promise<string> {
  const name = `field-${uuid7()}`;
  const asked = indexedDB.open(name, left.schema * 10); // Dexie counts in tens
  asked.onupgradeneeded = () => {
    for (const [table, said] of Object.entries(left.stores)) {
      const [key, ...indexes] = said.split(", ");
      const store = asked.result.createObjectStore(table, { keyPath: path(key!) });
      for (const one of indexes) store.createIndex(one.replace("&", ""), path(one.replace("&", "")), { unique: one.startsWith("&") });
      for (const row of left.rows[table] ?? []) store.add(raw(row));
    }
  };
  await new Promise((done, failed) => {
    asked.onsuccess = done;
    asked.onerror = () => failed(asked.error);
  });
  asked.result.close();
  return name;
}

const path = (key: string) => (key.startsWith("[") ? key.slice(1, -1).split("+") : key);
const facts = (left: Left) => Object.fromEntries(left.rows.meta!.map((one) => [one.key, one.value])) as Record<string, any>;

/** The server that knows this phone, and has nothing of it. */
function knowing(left: Left): Fake {
  const server = new Fake();
  const { device, marker, token } = facts(left).device;
  server.devices.set(token, { device, marker, revoked: false, left: { operations: 0, attachments: 0 } });
  server.epoch = facts(left).epoch;
  return server;
}

for (const [name, left] of LEFT) {
  test(`what an earlier app left (${name}) opens, and all that was pending arrives once`, async () => {
    const db = new Store(await laid(left));
    const server = knowing(left);
    const vault = new Vault();
    const of = (state: string) => left.rows.operations!.filter((one) => one.state === state).map((one) => one.op_id);
    for (const one of left.rows.operations!) if (one.state === "rejected") server.reject.add(String(one.record));

    const before = await pending(db, vault);
    assert.ok(of("waiting").every((id) => before.some((one) => one.operation.op_id === id)), "all of it stands in the tray");
    for (let count = 0; count < 3; count += 1) await sync({ db, vault, server, name: "Redmi 9A" });

    assert.deepEqual((await pending(db, vault)).map((one) => one.operation.op_id), of("rejected"));
    const effects = server.effects.map((one) => one.op_id);
    assert.equal(new Set(effects).size, effects.length);
    assert.ok(of("waiting").every((id) => effects.includes(String(id))));
    for (const file of left.rows.attachments!.filter((one) => one.state === "waiting")) {
      assert.equal(server.files.get(String(file.id)), file.sha256);
    }
    const draft = await readDraft<{ words: string; photos: string[] }>(db, vault, "report");
    assert.equal(draft?.words, "写了一半");
    const photo = await vault.open((await db.blobs.get(draft!.photos[0]!))!.box);
    assert.equal(await sha256(photo), (await db.attachments.get(draft!.photos[0]!))!.sha256);
    db.close();
  });
}

test("every schema that phones may have is here, and this app's stores are those of the last", async () => {
  const schemas = new Set(LEFT.map(([, left]) => left.schema));
  for (let schema = 1; schema <= SCHEMA; schema += 1) assert.ok(schemas.has(schema), `stores/${schema}-….json`);
  const db = await new Store(`field-${uuid7()}`).open();
  const now = Object.fromEntries(db.tables.map((one) => [one.name, [one.schema.primKey, ...one.schema.indexes].map((key) => key.src).join(", ")]));
  const kept = LEFT.filter(([, left]) => left.schema === SCHEMA).map(([, left]) => left.stores);
  assert.ok(kept.every((one) => JSON.stringify(one) === JSON.stringify(Object.fromEntries(Object.keys(one).map((table) => [table, now[table]])))));
  db.close();
});
