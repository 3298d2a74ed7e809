// Reads a code in a picture where the browser has no detector of its own: desktops, older WebViews.
// A chunk of its own, which is no part of the first install; the service worker fetches it after that.
import { decodeQR } from "qr/decode.js";

export interface Raster {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** What the code says, or nothing: a photo without a code is no fault. */
export function readQr(picture: Raster): string[] {
  try {
    return [decodeQR(picture)];
  } catch {
    return [];
  }
}
