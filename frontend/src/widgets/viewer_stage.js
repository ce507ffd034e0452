// The panes of one picture in one mode: in step, at one scale.
import { Pane } from "./viewer_pane.js";
import { markBox } from "./viewer_marks.js";
import { LARGEST, SMALLEST } from "./viewer_state.js";

const FLICKER_MS = 600; // less than one whole change a second

export class Stage {
  constructor(element, moved) {
    this.element = element;
    this.panes = [];
    this.moved = moved; // called when a person scrolled
  }

  // frames: of viewer_align.js, where both pages are aligned
  show(described, picture, size, frames) {
    this.stop();
    this.size = size;
    this.panes = described.map((each) => new Pane(each, picture, size, frames));
    this.element.replaceChildren(...this.panes.map((pane) => pane.element));
    for (const pane of this.panes) {
      pane.scroll.addEventListener("scroll", () => this.#scrolled(pane), { passive: true });
    }
    if (this.#layer("flicker") && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.timer = setInterval(() => this.swap(), FLICKER_MS);
    }
    if (this.#layer("slider")) this.#addDivider();
    if (this.flickers) this.#sides.against.classList.add("viewer-away");
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
  }

  #scrolled(pane) {
    for (const other of this.panes) if (other !== pane) other.follow(pane);
    this.moved();
  }

  #layer(role) {
    return this.panes[0]?.top(role);
  }

  // The marks of each picture, where two are on top of each other.
  get #sides() {
    return this.panes[0].sides;
  }

  get flickers() {
    return this.#layer("flicker") !== undefined;
  }

  // Which of both pictures flickers into view.
  swap() {
    const layer = this.#layer("flicker");
    const away = layer.element.classList.toggle("viewer-away");
    this.#sides.observed.classList.toggle("viewer-away", away);
    this.#sides.against.classList.toggle("viewer-away", !away);
    this.panes[0].caption.textContent = this.panes[0].layers[away ? 0 : 1].described.label;
  }

  get mixes() {
    const slider = this.#layer("slider");
    if (slider) return `${slider.described.label} from the right`;
    return this.#layer("onion")?.described.label ?? null;
  }

  setMix(percent) {
    const onion = this.#layer("onion")?.element;
    if (onion) {
      onion.style.opacity = this.#sides.observed.style.opacity = percent / 100;
      this.#sides.against.style.opacity = 1 - percent / 100;
    }
    const slider = this.#layer("slider")?.element;
    if (!slider) return;
    const left = 100 - percent;
    slider.style.clipPath = `inset(0 0 0 ${(left / 100) * this.size.width * this.scale}px)`;
    this.#sides.observed.style.clipPath = `inset(0 0 0 ${left}%)`;
    this.#sides.against.style.clipPath = `inset(0 ${percent}% 0 0)`;
    this.divider.style.left = `${left}%`;
  }

  #addDivider() {
    this.divider = document.createElement("div");
    this.divider.className = "viewer-divider";
    this.panes[0].canvas.append(this.divider);
    this.divider.addEventListener("pointerdown", (event) => {
      this.divider.setPointerCapture(event.pointerId);
      event.stopPropagation();
    });
    this.divider.addEventListener("pointermove", (event) => {
      if (!this.divider.hasPointerCapture(event.pointerId)) return;
      const { left, width } = this.panes[0].canvas.getBoundingClientRect();
      const part = Math.min(1, Math.max(0, (event.clientX - left) / width));
      this.element.dispatchEvent(new CustomEvent("viewer:mix", { detail: Math.round(100 - 100 * part) }));
    });
  }

  get scale() {
    return this.panes[0]?.scale ?? 1;
  }

  // zoom: fit, width, pixels or a number. The first two never enlarge.
  setZoom(zoom) {
    const { width, height } = this.size;
    const room = this.panes[0].scroll.clientWidth;
    const wide = Math.min(1, room / width);
    const scales = { width: wide, fit: Math.min(wide, (window.innerHeight * 0.75 - 2) / height), pixels: 1 };
    const scale = Math.min(LARGEST, Math.max(SMALLEST / 10, scales[zoom] ?? zoom));
    for (const pane of this.panes) pane.setScale(scale);
  }

  get centre() {
    return this.panes[0].centre;
  }

  get isAtStart() {
    return this.panes.every(({ scroll }) => scroll.scrollTop === 0 && scroll.scrollLeft === 0);
  }

  centreOn(point) {
    for (const pane of this.panes) pane.centreOn(point);
  }

  pan(x, y) {
    const [{ scroll }] = this.panes;
    scroll.scrollBy(x * scroll.clientWidth * 0.2, y * scroll.clientHeight * 0.5);
  }

  // box: of a mask that is being drawn, at the same place in every picture; none takes it away
  markNewMask(box) {
    for (const pane of this.panes) {
      markBox(pane.marks, "viewer-new-mask", box && (pane.frames?.[pane.described.side].box(box) ?? box));
    }
  }

  // region: of the observed picture. It comes into the middle of the view.
  markRegion(region) {
    for (const pane of this.panes) {
      const box = pane.frames?.observed.box(region) ?? region;
      if (pane.described.side === "observed") markBox(pane.marks, "viewer-region", box);
      pane.centreOn({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    }
  }
}
