// One picture of a pane: an image, or its pieces where both pages are aligned.
//
// Plain images, laid out by the browser: it decodes and paints only what is in view, however tall they are.

function image(layer, alt) {
  const element = document.createElement("img");
  element.src = layer.url;
  element.alt = alt;
  element.draggable = false;
  element.decoding = "sync"; // neighbours are loaded already: no empty frame between two pictures
  return element;
}

function sized(element, { width, height }, scale) {
  element.style.width = `${width * scale}px`;
  element.style.height = `${height * scale}px`;
}

export class Layer {
  // described: a layer of viewer_modes.js; frame: of viewer_align.js, or undefined; name: of the task
  constructor(described, frame, name) {
    this.described = described;
    this.pieces = frame?.pieces(described.height) ?? [];
    this.size = { width: described.width, height: frame?.height ?? described.height };
    const alt = `${described.label} picture of ${name}`;
    const images = this.pieces.map((_, index) => image(described, index ? "" : alt));
    if (frame) {
      this.element = document.createElement("div");
      this.element.append(...images);
    } else this.element = image(described, alt);
    this.element.className = `viewer-layer viewer-layer-${described.role}`;
  }

  setScale(scale) {
    sized(this.element, this.size, scale);
    this.pieces.forEach(({ from, to, at }, index) => {
      const piece = this.element.children[index];
      sized(piece, this.described, scale);
      piece.style.top = `${(at - from) * scale}px`;
      piece.style.clipPath = `inset(${from * scale}px 0 ${(this.described.height - to) * scale}px 0)`;
    });
  }
}
