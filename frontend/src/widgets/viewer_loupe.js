// The pixel loupe: what is under the pointer, or in the middle of the view, in both pictures, and its two colours.

const CELLS = 15; // pixels of the picture on each side
const CELL = 8; // screen pixels for each of them

const hex = (channels) => `#${[...channels].map((value) => value.toString(16).padStart(2, "0")).join("")}`;

function colourOf(image, x, y) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, x, y, 1, 1, 0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return alpha === 0 ? null : [red, green, blue];
}

export class Loupe {
  // element: templates/viewer/_loupe.html; stage: where the pointer is followed
  constructor(element, stage) {
    this.element = element;
    this.images = {};
    stage.addEventListener("pointermove", (event) => {
      const canvas = this.open && event.target.closest(".viewer-canvas");
      if (!canvas) return;
      const { left, top } = canvas.getBoundingClientRect();
      const scale = Number(canvas.dataset.scale);
      this.at({ x: (event.clientX - left) / scale, y: (event.clientY - top) / scale });
    });
  }

  get open() {
    return !this.element.hidden;
  }

  // point: where it begins, in pixels of the pictures
  toggle(point) {
    this.element.hidden = this.open;
    if (this.open) this.at(point);
  }

  moveBy(x, y) {
    this.at({ x: this.point.x + x, y: this.point.y + y });
  }

  // pictures: { against, observed }, each with its address, or undefined; frames: where both pages are aligned
  show(pictures, label, frames) {
    this.frames = frames;
    this.images = {};
    this.element.querySelector("[data-loupe-label=against]").textContent = label;
    for (const [side, picture] of Object.entries(pictures)) {
      const image = new Image();
      if (picture) image.src = picture.url;
      image.addEventListener("load", () => this.open && this.point && this.at(this.point));
      this.images[side] = picture && image;
    }
  }

  at(point) {
    this.point = { x: Math.floor(point.x), y: Math.floor(point.y) };
    const colours = ["against", "observed"].map((side) => this.#side(side));
    this.element.querySelector("[data-loupe-place]").textContent = `Pixel ${this.point.x}, ${this.point.y}`;
    const [before, now] = colours;
    const equal = before && now && hex(before) === hex(now);
    const told = before && now ? (equal ? "the same colour" : "different colours") : "";
    this.element.querySelector("[data-loupe-told]").textContent = told;
  }

  #side(side) {
    const canvas = this.element.querySelector(`[data-loupe-${side}]`);
    const colour = this.element.querySelector(`[data-loupe-colour=${side}]`);
    const image = this.images[side];
    const { x } = this.point;
    const y = this.frames ? this.frames[side].from(this.point.y) : this.point.y;
    const context = canvas.getContext("2d");
    canvas.width = canvas.height = CELLS * CELL;
    if (!image?.complete || image.naturalWidth === 0) {
      colour.textContent = "–";
      return null;
    }
    if (y === null) {
      colour.textContent = "no such row";
      return null;
    }
    const half = (CELLS - 1) / 2;
    context.imageSmoothingEnabled = false;
    context.drawImage(image, x - half, y - half, CELLS, CELLS, 0, 0, canvas.width, canvas.height);
    context.strokeStyle = "#f0f";
    context.strokeRect(half * CELL + 0.5, half * CELL + 0.5, CELL - 1, CELL - 1);
    const found = colourOf(image, x, y);
    colour.textContent = found ? hex(found) : "outside";
    return found;
  }
}
