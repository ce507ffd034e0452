// One scrolling pane: a canvas of the pictures' size, times the scale, with the pictures on top of each other.
//
// Plain images, laid out by the browser: it decodes and paints only what is in view, however tall they are.
import { marksOf } from "./viewer_marks.js";

function made(tag, className) {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

export class Pane {
  // described: an entry of viewer_modes.js; name: of the task, for those who cannot see the pictures.
  constructor(described, picture, size) {
    this.described = described;
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
    this.layers = described.layers.map((layer) => this.#layer(layer, picture));
    this.marks = marksOf(described, picture, size);
    this.canvas.append(...this.layers.map(({ image }) => image), this.marks);
    this.scroll.append(this.canvas);
    this.element.append(caption, this.scroll);
  }

  #layer(layer, picture) {
    const image = made("img", `viewer-layer viewer-layer-${layer.role}`);
    image.src = layer.url;
    image.alt = `${layer.label} picture of ${picture.name}`;
    image.draggable = false;
    image.decoding = "sync"; // neighbours are loaded already: no empty frame between two pictures
    return { ...layer, image };
  }

  top(role) {
    return this.layers.find((layer) => layer.role === role);
  }

  setScale(scale) {
    this.scale = scale;
    this.canvas.dataset.scale = scale;
    const sized = [[this.canvas, this.size], ...this.layers.map((layer) => [layer.image, layer])];
    for (const [element, { width, height }] of sized) {
      element.style.width = `${width * scale}px`;
      element.style.height = `${height * scale}px`;
    }
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
