// The phone's evaluator comes to what the vectors say. Run by Node's own test runner.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { evaluate } from "../../frontend/src/field/checklist.ts";

const folder = new URL("vectors/", import.meta.url);
for (const file of readdirSync(folder)) {
  for (const one of JSON.parse(readFileSync(new URL(file, folder), "utf8"))) {
    test(`${file}: ${one.name}`, () => {
      assert.deepEqual(evaluate(one, one.answers, one.today), one.result);
    });
  }
}
