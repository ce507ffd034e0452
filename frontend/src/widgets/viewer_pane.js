// One scrolling pane: a canvas of the pictures' size, times the scale, with the pictures on top of each other.
import { Layer } from "./viewer_layer.js";
import { emptyMarks, marksOf } from "./viewer_marks.js";

const MIXED = new Set(["slider", "onion", "flicker"]);

function made(tag, className) {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

export class Pane {
  // described: an entry of viewer_modes.js; frames: of viewer_align.js, where both pages are aligned
  constructor(described, picture, size, frames) {
    this.described = described;
    this.frames = frames;
    this.size = size; // of the canvas in picture pixels: the same in all panes, so that they scroll in step
    this.scale = 1;
    this.element = made("figure", "viewer-pane");
    this.caption = made("span", "");
    this.caption.textContent = described.label;
    const caption = made("figcaption", "");
    const measure = made("span", "fw-normal text-body-secondary numeric");
    const [first] = described.layers;
    measure.textContent = `${first.width} × ${first.height}`;
    caption.append(this.caption, measure);
    this.scroll = made("div", "viewer-scroll checkerboard");
    this.scroll.tabIndex = 0;
    this.scroll.setAttribute("role", "region");
    this.scroll.setAttribute("aria-label", `${described.label} of ${picture.name}`);
    this.canvas = made("div", "viewer-canvas");
    this.layers = described.layers.map((layer) => new Layer(layer, frames?.[layer.side], picture.name));
    // What is marked in one of two pictures on top of each other is not there in the other: it is shown and hidden
    // with its picture.
    const mixed = described.layers.some(({ role }) => MIXED.has(role));
    const marksAt = (side) => marksOf({ ...described, side }, picture, size, frames);
    this.sides = mixed ? { against: marksAt("against"), observed: marksAt("observed") } : {};
    this.marks = mixed ? emptyMarks(size) : marksAt(described.side);
    this.canvas.append(...this.layers.map(({ element }) => element), ...Object.values(this.sides), this.marks);
    this.scroll.append(this.canvas);
    this.element.append(caption, this.scroll);
  }

  top(role) {
    return this.layers.find(({ described }) => described.role === role);
  }

  setScale(scale) {
    this.scale = scale;
    this.canvas.dataset.scale = scale;
    this.canvas.style.width = `${this.size.width * scale}px`;
    this.canvas.style.height = `${this.size.height * scale}px`;
    for (const layer of this.layers) layer.setScale(scale);
    this.canvas.classList.toggle("viewer-pixelated", scale >= 2);
  }

  // The pixel of the pictures in the middle of the view.
  get centre() {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.scroll;
    return { x: (scrollLeft + clientWidth / 2) / this.scale, y: (scrollTop + clientHeight / 2) / this.scale };
  }

  centreOn({ x, y }) {
    this.scroll.scrollLeft = x * this.scale - this.scroll.clientWidth / 2;
    this.scroll.scrollTop = y * this.scale - this.scroll.clientHeight / 2;
  }

  follow(other) {
    if (this.scroll.scrollLeft !== other.scroll.scrollLeft) this.scroll.scrollLeft = other.scroll.scrollLeft;
    if (this.scroll.scrollTop !== other.scroll.scrollTop) this.scroll.scrollTop = other.scroll.scrollTop;
  }
}
