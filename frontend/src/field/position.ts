// Where the phone is: asked once for a report, or during a round that the worker started. No track
// is kept: only the last answer, in memory.

export interface Point {
  lon: number;
  lat: number;
  accuracy: number;
}

export function here(patience = 8000): Promise<Point | null> {
  return new Promise((done) => {
    if (!("geolocation" in navigator)) return done(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }),
      () => done(null),
      { enableHighAccuracy: true, timeout: patience, maximumAge: 60_000 },
    );
  });
}

const METRES = 111_195; // one degree of latitude

export function metres(one: { lon: number; lat: number }, other: { lon: number; lat: number }): number {
  const east = (one.lon - other.lon) * Math.cos((one.lat * Math.PI) / 180);
  return Math.hypot(east, one.lat - other.lat) * METRES;
}

export function nearest<P extends { lon: number; lat: number }>(places: P[], point: Point, many: number): [P, number][] {
  return places
    .map((place): [P, number] => [place, metres(place, point)])
    .sort((one, other) => one[1] - other[1])
    .slice(0, many);
}

/** Minutes on foot, as a person with a bag walks in thin air. */
export function minutes(distance: number): number {
  return Math.max(1, Math.round((distance * 1.3) / 65));
}
