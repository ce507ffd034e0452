// A mask drawn on a picture, or typed into its four fields, and saved to the task. In CSS pixels, as tasks have them.
import htmx from "htmx.org/dist/htmx.esm.js";

const SIDES = ["x", "y", "width", "height"];
const SMALLEST = 2; // screen pixels: less is a click, and no rectangle

export class MaskTool {
  // element: templates/viewer/_mask.html; stage: where it is drawn; drawn(box): what is to be seen, or null;
  // kept(): the picture has one more
  constructor(element, stage, drawn, kept) {
    Object.assign(this, { element, stage, drawn, kept });
    element.addEventListener("input", () => this.#draw());
    element.addEventListener("submit", (event) => this.#save(event));
    stage.addEventListener("pointerdown", (event) => this.#begin(event));
    stage.addEventListener("pointermove", (event) => this.#stretch(event));
    for (const over of ["pointerup", "pointercancel"]) stage.addEventListener(over, () => (this.start = null));
    document.addEventListener("scene:masked", () => this.#saved());
  }

  get open() {
    return !this.element.hidden;
  }

  // box: where it begins, in pixels of the picture; none is nowhere
  toggle(picture, box) {
    this.element.hidden = this.open;
    this.stage.classList.toggle("viewer-drawing", this.open);
    this.picture = picture;
    this.#fill(this.open ? box : null);
    if (this.open) this.#field("x").focus();
  }

  // Of another picture nothing is drawn yet.
  show(picture) {
    if (picture === this.picture) this.#draw();
    else {
      this.picture = picture;
      this.#fill(null);
    }
  }

  #field(side) {
    return this.element.elements[side];
  }

  #fill(box) {
    const { scale } = this.picture;
    for (const side of SIDES) this.#field(side).value = box ? String(Math.round(box[side] / scale)) : "";
    this.#draw();
  }

  get #box() {
    const [x, y, width, height] = SIDES.map((side) => this.#field(side).valueAsNumber * this.picture.scale);
    return [x, y].every((each) => each >= 0) && width > 0 && height > 0 ? { x, y, width, height } : null;
  }

  #draw() {
    this.drawn(this.open ? this.#box : null);
  }

  #begin(event) {
    const canvas = this.open && event.button === 0 && event.target.closest(".viewer-canvas");
    if (!canvas) return;
    event.preventDefault();
    this.start = { canvas, ...this.#point(canvas, event) };
    this.stage.setPointerCapture(event.pointerId);
  }

  #point(canvas, { clientX, clientY }) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const within = (value, most) => Math.min(most, Math.max(0, value));
    return { left: within(clientX - left, width), top: within(clientY - top, height) };
  }

  #stretch(event) {
    if (!this.start) return;
    const { canvas, left, top } = this.start;
    const now = this.#point(canvas, event);
    const width = Math.abs(now.left - left);
    const height = Math.abs(now.top - top);
    if (width < SMALLEST || height < SMALLEST) return;
    const scale = Number(canvas.dataset.scale);
    this.#fill({
      x: Math.min(now.left, left) / scale,
      y: Math.min(now.top, top) / scale,
      width: width / scale,
      height: height / scale,
    });
  }

  #save(event) {
    event.preventDefault();
    if (!this.element.reportValidity()) return;
    const values = Object.fromEntries(SIDES.map((side) => [side, this.#field(side).value]));
    htmx.ajax("POST", `/screenshots/${this.picture.id}/masks`, { values, swap: "none" });
  }

  #saved() {
    const box = this.#box;
    if (!this.open || !box) return;
    this.picture.planned = [...(this.picture.planned ?? []), box];
    this.#fill(null);
    this.kept();
  }
}
