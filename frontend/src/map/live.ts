// The movable map: MapLibre over our own shapes, in the page's own colours.
import { Map, Marker, NavigationControl, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { type Point, type Shapes } from "./shapes";
import { pinShape } from "./sketch";

setWorkerUrl(worker);

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function styleOf(shapes: Shapes): StyleSpecification {
  const own: ["==", ["get", string], boolean] = ["==", ["get", "own"], true];
  return {
    version: 8,
    sources: { shapes: { type: "geojson", data: shapes as GeoJSON.FeatureCollection } },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour("wash") } },
      {
        id: "grids",
        type: "fill",
        source: "shapes",
        filter: ["==", ["get", "kind"], "grid"],
        paint: { "fill-color": ["case", own, colour("sky-wash"), colour("wall")] },
      },
      {
        id: "borders",
        type: "line",
        source: "shapes",
        filter: ["==", ["get", "kind"], "grid"],
        paint: {
          "line-color": ["case", own, colour("sky"), colour("frame")],
          "line-width": ["case", own, 2, 1],
        },
      },
      {
        id: "places",
        type: "circle",
        source: "shapes",
        filter: ["==", ["get", "kind"], "place"],
        paint: {
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 14, 2, 18, 7],
          "circle-color": colour("plaster"),
          "circle-stroke-color": colour("frame"),
          "circle-stroke-width": 1,
        },
      },
    ],
  };
}

function pinElement(): HTMLElement {
  const holder = document.createElement("div");
  holder.className = "map-pin-live";
  holder.append(pinShape());
  return holder;
}

function labels(map: Map, shapes: Shapes): void {
  for (const shape of shapes.features.slice(0, 60)) {
    if (shape.geometry.type !== "Point" || !shape.properties.name) continue;
    const word = document.createElement("span");
    word.className = "map-word";
    word.textContent = shape.properties.name;
    new Marker({ element: word, anchor: "top", offset: [0, 6] })
      .setLngLat(shape.geometry.coordinates)
      .addTo(map);
  }
}

export async function openMap(
  box: HTMLElement,
  shapes: Shapes,
  centre: Point,
  picked: (at: Point) => void,
): Promise<{ move(at: Point): void }> {
  const map = new Map({
    container: box,
    style: styleOf(shapes),
    center: centre,
    zoom: 16,
    minZoom: 11,
    maxZoom: 20,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    cooperativeGestures: false,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  const pin = new Marker({ element: pinElement(), draggable: true, anchor: "bottom" })
    .setLngLat(centre)
    .addTo(map);
  pin.on("dragend", () => picked(pin.getLngLat().toArray() as Point));
  map.on("click", (event) => {
    pin.setLngLat(event.lngLat);
    picked(event.lngLat.toArray() as Point);
  });
  await map.once("load");
  labels(map, shapes);
  return {
    move(at) {
      pin.setLngLat(at);
      map.easeTo({ center: at });
    },
  };
}
