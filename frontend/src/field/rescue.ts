// A file with everything that is not on the server, for the day when nothing else works: it can be
// carried to the office on a stick, and opened by anybody without this app.
import { type Zippable, strToU8, zip } from "fflate";
import type { Store } from "./db.ts";
import { pending } from "./tray.ts";
import type { Vault } from "./vault.ts";

const ENDINGS: Record<string, string> = { "image/jpeg": "jpg", "audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a" };

export async function rescue(db: Store, vault: Vault, now = new Date()): Promise<Uint8Array<ArrayBuffer>> {
  const files: Zippable = {};
  const records: unknown[] = [];
  for (const { operation, about, why } of await pending(db, vault)) {
    const owned = await db.attachments.where("op_id").equals(operation.op_id).toArray();
    const attachments: unknown[] = [];
    for (const one of owned) {
      const blob = await db.blobs.get(one.id);
      const name = `files/${one.id}.${ENDINGS[one.media.split(";")[0]!] ?? "bin"}`;
      attachments.push({ id: one.id, media: one.media, sha256: one.sha256, sent: one.state === "sent", file: name });
      // Photos are packed already: packing them again would only cost the phone's battery.
      if (blob) files[name] = [new Uint8Array(await vault.open(blob.box)), { level: 0 }];
    }
    records.push({
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
      data: await vault.open(operation.data),
      attachments,
    });
  }
  const device = await db.got("device");
  const head = { lingka: "field", made_at: now.toISOString(), device: device?.device ?? null, records };
  files["records.json"] = strToU8(JSON.stringify(head, null, 2));
  return new Promise((done, failed) => {
    zip(files, (error, data) => (error ? failed(error) : done(data as Uint8Array<ArrayBuffer>)));
  });
}
