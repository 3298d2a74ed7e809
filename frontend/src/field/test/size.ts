// The first install over a weak network: everything that the phone must fetch before the app starts
// without one. Fonts come after it, and the map is drawn by the app itself.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const MOST = 250_000;
const dist = resolve(import.meta.dirname, "../../../../lingka/field/static/field/dist");
const files = ["index.html", "sw.js", "manifest.webmanifest", ...readdirSync(join(dist, "assets")).map((name) => `assets/${name}`)];
let sum = 0;
for (const name of files.filter((one) => !one.endsWith(".woff2"))) {
  const size = gzipSync(readFileSync(join(dist, name))).length;
  sum += size;
  console.log(`${String(size).padStart(8)}  ${name}`);
}
console.log(`${String(sum).padStart(8)}  of ${MOST} bytes, compressed`);
if (sum > MOST) {
  console.error("The first install is too large for a weak network.");
  process.exit(1);
}
