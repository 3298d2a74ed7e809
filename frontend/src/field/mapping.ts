// The worker's grids as a drawing: where everything lies on it, and how it is moved. Pure.
import type { Grid } from "./shapes.ts";

export type Ring = [number, number][];
export const WIDTH = 360;
export const HEIGHT = 270;
export const MOST = 24; // times larger

export interface Located {
  lon: number | null;
  lat: number | null;
}

/** Everything that has a position. Nought is one; only what is missing or no number is none. */
export function placed<T extends Located>(all: T[]): (T & { lon: number; lat: number })[] {
  return all.filter((one): one is T & { lon: number; lat: number } => Number.isFinite(one.lon) && Number.isFinite(one.lat));
}

export function rings(outline: Grid["outline"]): Ring[] {
  if (outline?.type === "Polygon") return outline.coordinates as Ring[];
  if (outline?.type === "MultiPolygon") return (outline.coordinates as Ring[][]).flat();
  return [];
}

export interface Sheet {
  x: (lon: number) => number;
  y: (lat: number) => number;
}

/** A sheet that holds all these points, so large that it fills the drawing; null without any. */
export function sheetOf(points: [number, number][]): Sheet | null {
  if (points.length === 0) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of points) {
    [west, east] = [Math.min(west, lon), Math.max(east, lon)];
    [south, north] = [Math.min(south, lat), Math.max(north, lat)];
  }
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const wide = Math.max((east - west) * squeeze, 0.0005);
  const pixels = Math.min((WIDTH - 24) / wide, (HEIGHT - 24) / Math.max(north - south, 0.0005));
  const [lon0, lat0] = [(west + east) / 2, (south + north) / 2];
  return { x: (lon) => WIDTH / 2 + (lon - lon0) * squeeze * pixels, y: (lat) => HEIGHT / 2 - (lat - lat0) * pixels };
}

const at = (sheet: Sheet, lon: number, lat: number) => `${sheet.x(lon).toFixed(2)} ${sheet.y(lat).toFixed(2)}`;

export function outlined(sheet: Sheet, outline: Grid["outline"]): string {
  return rings(outline).map((ring) => `M${ring.map(([lon, lat]) => at(sheet, lon, lat)).join("L")}Z`).join("");
}

/** One path for however many dots: a phone moves a thousand of them as one. */
export function dots(sheet: Sheet, all: Located[]): string {
  return placed(all).map((one) => `M${at(sheet, one.lon, one.lat)}h0.01`).join("");
}

export interface View {
  zoom: number;
  x: number; // what of the sheet lies in the middle
  y: number;
}

export const WHOLE: View = { zoom: 1, x: WIDTH / 2, y: HEIGHT / 2 };

function held(value: number, size: number, zoom: number): number {
  const half = size / zoom / 2;
  return Math.min(size - half, Math.max(half, value));
}

/** The view as it may be: never smaller than the whole, never beside the sheet. */
export function kept(view: View): View {
  const zoom = Math.min(MOST, Math.max(1, view.zoom));
  return { zoom, x: held(view.x, WIDTH, zoom), y: held(view.y, HEIGHT, zoom) };
}

/** Larger or smaller about a point of the drawing, which stays where it is under the finger. */
export function zoomed(view: View, times: number, point: { x: number; y: number } = { x: WIDTH / 2, y: HEIGHT / 2 }): View {
  const zoom = Math.min(MOST, Math.max(1, view.zoom * times));
  const stays = (middle: number, size: number, finger: number) => middle + (finger - size / 2) * (1 / view.zoom - 1 / zoom);
  return kept({ zoom, x: stays(view.x, WIDTH, point.x), y: stays(view.y, HEIGHT, point.y) });
}

export function shifted(view: View, right: number, down: number): View {
  return kept({ ...view, x: view.x - right / view.zoom, y: view.y - down / view.zoom });
}

/** Where a point of the sheet lies in the drawing. */
export function shown(view: View, x: number, y: number): { x: number; y: number } {
  return { x: WIDTH / 2 + (x - view.x) * view.zoom, y: HEIGHT / 2 + (y - view.y) * view.zoom };
}

export const turned = (view: View) => `translate(${WIDTH / 2} ${HEIGHT / 2}) scale(${view.zoom}) translate(${-view.x} ${-view.y})`;

/** What was meant by a tap: the nearest under the finger, if anything is. */
export function under<T extends Located>(sheet: Sheet, view: View, all: T[], point: { x: number; y: number }, reach = 18): T | null {
  let [best, far]: [T | null, number] = [null, reach];
  for (const one of placed(all)) {
    const there = shown(view, sheet.x(one.lon), sheet.y(one.lat));
    const away = Math.hypot(there.x - point.x, there.y - point.y);
    if (away <= far) [best, far] = [one, away];
  }
  return best;
}
