// A still picture of the neighbourhood as SVG: a few kilobytes, drawn before anybody asks for more.
import { type Point, type Shapes, rings, squeeze } from "./shapes";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 320;
const HEIGHT = 180;
const SPAN = 0.0036; // degrees of latitude from top to bottom: about 400 metres

function node(name: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function pinMark(): SVGElement {
  const pin = node("g", { class: "map-pin" });
  pin.append(
    node("path", { d: "M0 0C-4-6-11-12-11-20a11 11 0 0 1 22 0C11-12 4-6 0 0z" }),
    node("circle", { cy: "-20", r: "4" }),
  );
  return pin;
}

/** The pin alone, its tip at the bottom in the middle. */
export function pinShape(): SVGElement {
  const svg = node("svg", { viewBox: "-13 -33 26 34", width: "34", height: "44", class: "map-mark" });
  svg.append(pinMark());
  return svg;
}

export function sketch(shapes: Shapes, centre: Point, pinned: boolean): SVGElement {
  const scale = HEIGHT / SPAN;
  const x = (lon: number) => WIDTH / 2 + (lon - centre[0]) * squeeze(centre[1]) * scale;
  const y = (lat: number) => HEIGHT / 2 - (lat - centre[1]) * scale;
  const line = (ring: Point[]) =>
    `M${ring.map(([lon, lat]) => `${x(lon).toFixed(1)} ${y(lat).toFixed(1)}`).join("L")}Z`;
  const svg = node("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    class: "map-sketch",
    preserveAspectRatio: "xMidYMid slice",
    "aria-hidden": "true",
  });
  for (const shape of shapes.features) {
    if (shape.geometry.type === "Point") {
      const [lon, lat] = shape.geometry.coordinates;
      svg.append(
        node("rect", {
          class: "map-place",
          x: (x(lon) - 7).toFixed(1),
          y: (y(lat) - 5).toFixed(1),
          width: "14",
          height: "10",
        }),
      );
    } else {
      const own = shape.properties.own ? " is-own" : "";
      svg.append(node("path", { class: `map-grid${own}`, d: rings(shape).map(line).join("") }));
    }
  }
  if (pinned) {
    const pin = pinMark();
    pin.setAttribute("transform", `translate(${WIDTH / 2} ${HEIGHT / 2})`);
    svg.append(pin);
  }
  return svg;
}
