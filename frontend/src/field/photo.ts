// A photo is made smaller before it is kept: 1600 px are enough to see a crack, and a phone's own
// picture would fill the storage in a day. Drawing it anew also leaves behind where it was taken.

export const LONGEST = 1600;
const QUALITY = 0.8;

export function fitted(width: number, height: number, longest = LONGEST): [number, number] {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

export async function smaller(file: Blob): Promise<ArrayBuffer> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const [width, height] = fitted(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")!.drawImage(picture, 0, 0, width, height);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  canvas.width = canvas.height = 0; // phones with 2 GB need the memory back at once
  if (blob === null) throw new Error("this picture cannot be read");
  return blob.arrayBuffer();
}
