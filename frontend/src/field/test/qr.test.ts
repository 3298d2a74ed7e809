import assert from "node:assert/strict";
import { test } from "node:test";
import encodeQR from "qr";
import { readQr } from "../qr.ts";

/** A door's sheet as a camera sees it: grey paper, uneven light, the code off the middle. */
function photographed(words: string, scale = 5) {
  const code = encodeQR(words, "raw", { border: 4 });
  const width = code.length * scale + 150;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (let at = 0; at < width * width; at += 1) {
    const [across, down] = [(at % width) - 90, Math.floor(at / width) - 40];
    const dark = code[Math.floor(down / scale)]?.[Math.floor(across / scale)] ?? false;
    const light = 40 + Math.round((60 * across) / width) + ((at * 7919) % 17);
    data.fill((dark ? 30 : 170) + light, at * 4, at * 4 + 3);
  }
  return { width, height: width, data };
}

test("a door's code is read from a picture without the browser's help", () => {
  assert.deepEqual(readQr(photographed("https://lingka.example/p/5KX87M4")), ["https://lingka.example/p/5KX87M4"]);
});

test("a picture without a code says nothing", () => {
  const blank = { width: 60, height: 60, data: new Uint8ClampedArray(60 * 60 * 4).fill(200) };
  assert.deepEqual(readQr(blank), []);
});
