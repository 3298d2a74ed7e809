// <lingka-map lon lat [pick="lon lat"] [pin] [label] [src]>
//
// Shows the neighbourhood as a still sketch. With `pick` (ids or names of two hidden inputs) a
// button offers to move the pin; only then is MapLibre fetched. Nothing comes from other hosts.
import { type Point, type Shapes, fetchShapes } from "./shapes";
import { sketch } from "./sketch";

const SOURCE = "/map/around.json";

class LingkaMap extends HTMLElement {
  static observedAttributes = ["lon", "lat"];
  private shapes: Shapes | null = null;
  private drawn = false;
  private live: { move(at: Point): void } | null = null;

  connectedCallback(): void {
    if (this.hasAttribute("label")) this.setAttribute("aria-label", this.getAttribute("label")!);
    this.setAttribute("role", "group");
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      void this.load();
    });
    seen.observe(this);
  }

  attributeChangedCallback(_name: string, before: string | null): void {
    if (!this.drawn || before === null) return;
    this.setAttribute("pin", "");
    if (this.live) this.live.move(this.centre());
    else this.draw();
  }

  private centre(): Point {
    return [Number(this.getAttribute("lon")), Number(this.getAttribute("lat"))];
  }

  private async load(): Promise<void> {
    const [lon, lat] = this.centre();
    if (!lon && !lat) {
      this.hidden = true;
      return;
    }
    try {
      this.shapes = await fetchShapes(this.getAttribute("src") ?? SOURCE, lon, lat);
    } catch {
      this.hidden = true; // the address field beneath says it as well
      return;
    }
    this.draw();
  }

  private draw(): void {
    if (!this.shapes) return;
    this.drawn = true;
    const pinned = this.hasAttribute("pin") || !this.hasAttribute("pick");
    this.replaceChildren(sketch(this.shapes, this.centre(), pinned));
    if (this.hasAttribute("pick")) this.append(this.opener());
  }

  private opener(): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small map-open";
    button.textContent = this.getAttribute("label") ?? "";
    button.addEventListener("click", () => {
      button.disabled = true;
      void this.open().catch(() => {
        button.remove(); // no WebGL here: the sketch stays, the address says the rest
      });
    });
    return button;
  }

  private async open(): Promise<void> {
    const { openMap } = await import("./live");
    const box = document.createElement("div");
    box.className = "map-live";
    this.append(box);
    try {
      this.live = await openMap(box, this.shapes!, this.centre(), (at) => this.pick(at));
    } catch (fault) {
      box.remove();
      throw fault;
    }
    this.querySelector(".map-sketch")?.remove();
    this.querySelector(".map-open")?.remove();
    this.pick(this.centre());
  }

  private pick([lon, lat]: Point): void {
    const [first, second] = (this.getAttribute("pick") ?? "").split(" ");
    const form = this.closest("form") ?? document;
    for (const [name, value] of [[first, lon], [second, lat]] as const) {
      const input = form.querySelector<HTMLInputElement>(`[name="${name}"]`);
      if (!input) continue;
      input.value = value.toFixed(6);
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
}

customElements.define("lingka-map", LingkaMap);
