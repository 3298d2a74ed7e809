// Door codes: seven signs, the last of which checks the others. The same sum as lingka/core/codes.py.

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

export function canScan(): boolean {
  return "BarcodeDetector" in globalThis;
}

/** What the codes in a photo say; nothing is sent anywhere. */
export async function scanned(file: Blob): Promise<string[]> {
  const Scanner = (globalThis as unknown as { BarcodeDetector: new (o: object) => Detector }).BarcodeDetector;
  const picture = await createImageBitmap(file);
  const found = await new Scanner({ formats: ["qr_code"] }).detect(picture);
  picture.close();
  return found.map((one) => one.rawValue);
}
