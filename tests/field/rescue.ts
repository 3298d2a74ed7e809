// Writes the rescue file that the app itself would save: a report with the photo that is given, and a draft.
import { readFileSync, writeFileSync } from "node:fs";
import { keepDraft, keepFile, save } from "../../frontend/src/field/capture.ts";
import { uuid7 } from "../../frontend/src/field/ids.ts";
import { rescue } from "../../frontend/src/field/rescue.ts";
import { phone } from "../../frontend/src/field/test/helpers.ts";

const [, , photo, lon, lat, out] = process.argv as string[];
const at = await phone();
const bytes = new Uint8Array(readFileSync(photo!)).buffer;
const { id } = await keepFile(at.db, at.vault, "report", bytes, "image/jpeg");
await save(at.db, at.vault, {
  kind: "report",
  record: uuid7(),
  data: { type: "light.out", words: "路灯不亮", lon: Number(lon), lat: Number(lat), attachments: [id] },
  about: { title: "路灯不亮", place: "3 号院", icon: "camera" },
  attachments: [id],
});
await keepDraft(at.db, at.vault, "report", { words: "写了一半" });
writeFileSync(out!, await rescue(at.db, at.vault));
process.exit(0);
