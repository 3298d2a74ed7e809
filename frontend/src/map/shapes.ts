// The schematic map as data: our own grids and places, in degrees.

export type Point = [number, number];

export interface Shape {
  type: "Feature";
  geometry:
    | { type: "Polygon"; coordinates: Point[][] }
    | { type: "MultiPolygon"; coordinates: Point[][][] }
    | { type: "Point"; coordinates: Point };
  properties: { kind: "grid" | "place"; name: string; own?: boolean };
}

export interface Shapes {
  type: "FeatureCollection";
  features: Shape[];
}

/** One degree of longitude is shorter than one of latitude, by this factor. */
export function squeeze(lat: number): number {
  return Math.cos((lat * Math.PI) / 180);
}

export async function fetchShapes(source: string, lon: number, lat: number): Promise<Shapes> {
  const address = new URL(source, document.baseURI);
  address.searchParams.set("lon", lon.toFixed(4));
  address.searchParams.set("lat", lat.toFixed(4));
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`map ${answer.status}`);
  return (await answer.json()) as Shapes;
}

export function rings(shape: Shape): Point[][] {
  if (shape.geometry.type === "Polygon") return shape.geometry.coordinates;
  if (shape.geometry.type === "MultiPolygon") return shape.geometry.coordinates.flat();
  return [];
}
