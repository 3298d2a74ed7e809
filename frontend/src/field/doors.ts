// Door codes: seven signs, the last of which checks the others. The same sum as lingka/core/codes.py.

import { fitted } from "./photo.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const FIELD = 0b100101;
const LENGTH = 6;
const MEANT: Record<string, string> = { O: "0", I: "1", L: "1" };

function double(value: number): number {
  const twice = value << 1;
  return twice & 32 ? twice ^ FIELD : twice;
}

/** The code meant by what was typed or scanned (a link ends with it), or null. */
export function doorCode(text: string): string | null {
  const link = /\/p\/([^/?#]+)/.exec(text);
  const signs = Array.from((link?.[1] ?? text).toUpperCase())
    .filter((sign) => !" -·".includes(sign))
    .map((sign) => MEANT[sign] ?? sign);
  if (signs.length !== LENGTH + 1 || signs.some((sign) => !ALPHABET.includes(sign))) return null;
  let total = 0;
  for (const sign of signs.slice(0, LENGTH)) total = double(total ^ ALPHABET.indexOf(sign));
  return ALPHABET[total] === signs[LENGTH] ? signs.join("") : null;
}

interface Detector {
  detect(picture: ImageBitmap): Promise<{ rawValue: string }[]>;
}

/** What the codes in a photo say; nothing is sent anywhere. */
export async function scanned(file: Blob): Promise<string[]> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    const found = await detected(picture).catch(() => []); // some have one that knows no codes
    return found.length ? found : await read(picture);
  } finally {
    picture.close();
  }
}

async function detected(picture: ImageBitmap): Promise<string[]> {
  const Scanner = (globalThis as unknown as { BarcodeDetector?: new (o: object) => Detector }).BarcodeDetector;
  if (Scanner === undefined) return [];
  const found = await new Scanner({ formats: ["qr_code"] }).detect(picture);
  return found.map((one) => one.rawValue);
}

const SIZES = [800, 1600, 400]; // a photo of a door, of a small code far away, of one code alone

async function read(picture: ImageBitmap): Promise<string[]> {
  const { readQr } = await import("./qr.ts");
  const canvas = document.createElement("canvas");
  try {
    for (const longest of SIZES) {
      const found = readQr(drawn(canvas, picture, longest));
      if (found.length) return found;
    }
    return [];
  } finally {
    canvas.width = canvas.height = 0;
  }
}

function drawn(canvas: HTMLCanvasElement, picture: ImageBitmap, longest: number): ImageData {
  [canvas.width, canvas.height] = fitted(picture.width, picture.height, longest);
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
