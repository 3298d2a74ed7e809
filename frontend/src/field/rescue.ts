// A file with everything that is not on the server, for the day when nothing else works: carried to the
// office on a stick, its worker brings it in at the desk; anybody can open it without this app.
import { type Zippable, strToU8, zip } from "fflate";
import { type Attachment, SCHEMA, type Store } from "./db.ts";
import { openDrafts } from "./drafts.ts";
import { type Pending, pending } from "./tray.ts";
import type { Vault } from "./vault.ts";

const ENDINGS: Record<string, string> = { "image/jpeg": "jpg", "audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a" };

export async function rescue(db: Store, vault: Vault, now = new Date()): Promise<Uint8Array<ArrayBuffer>> {
  const files: Zippable = {};
  const records: unknown[] = [];
  for (const entry of await pending(db, vault)) {
    const owned = await db.attachments.where("op_id").equals(entry.operation.op_id).toArray();
    records.push({ ...(await told(vault, entry)), attachments: await packed(db, vault, owned, files) });
  }
  const drafts: unknown[] = [];
  for (const { id, at, value } of await openDrafts(db, vault)) {
    const owned = await db.attachments.where("draft").equals(id).toArray();
    drafts.push({ id, at, data: value, attachments: await packed(db, vault, owned, files) });
  }
  const device = await db.got("device");
  const head = { lingka: "field", schema: SCHEMA, made_at: now.toISOString(), device: device?.device ?? null, records, drafts };
  files["records.json"] = strToU8(JSON.stringify(head, null, 2));
  return new Promise((done, failed) => {
    zip(files, (error, data) => (error ? failed(error) : done(data as Uint8Array<ArrayBuffer>)));
  });
}

async function told(vault: Vault, { operation, about, why }: Pending): Promise<object> {
  return {
    op_id: operation.op_id,
    seq: operation.seq,
    kind: operation.kind,
    record: operation.record,
    base_version: operation.base_version,
    depends_on: operation.depends_on,
    occurred_at: operation.occurred_at,
    title: about.title,
    place: about.place,
    why,
    problem: operation.problem,
    data: await vault.tried(operation.data),
  };
}

/** Puts the files into the archive; answers what is said of them. */
async function packed(db: Store, vault: Vault, owned: Attachment[], files: Zippable): Promise<unknown[]> {
  const attachments: unknown[] = [];
  for (const one of owned) {
    const blob = await db.blobs.get(one.id);
    const bytes = blob ? await vault.tried(blob.box) : null;
    const name = `files/${one.id}.${ENDINGS[one.media.split(";")[0]!] ?? "bin"}`;
    attachments.push({ id: one.id, media: one.media, sha256: one.sha256, sent: one.state === "sent", file: name });
    // Photos are packed already: packing them again would only cost the phone's battery.
    if (bytes) files[name] = [new Uint8Array(bytes), { level: 0 }];
  }
  return attachments;
}
