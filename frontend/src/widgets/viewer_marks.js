// What is drawn over a picture: masks, what moved, inserted and removed rows, and the region that is looked at.
import { isWhole } from "./viewer_align.js";

const SVG = "http://www.w3.org/2000/svg";

function shape(className, { x, y, width, height }) {
  const rect = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, value);
  rect.setAttribute("class", className);
  return rect;
}

const LINE = 0.01; // a rectangle without any height is not drawn

// A band has rows on one side; on the other it is the line where they would be, or where both are aligned the gap.
function bandBox(band, side, size, frames) {
  const owner = band.kind === "inserted" ? "observed" : "against";
  const across = { x: band.x, width: band.width ?? size.width };
  const place = (of) => (of === "observed" ? band.observed_y : band.baseline_y);
  if (frames && isWhole(band, size.width)) return frames[owner].box({ ...across, y: place(owner), height: band.rows });
  const box = { ...across, y: place(side), height: owner === side ? band.rows : LINE };
  return frames?.[side].box(box) ?? box;
}

// As large as the picture, for the boxes that come and go.
export function emptyMarks(size) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "viewer-marks");
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

// frames: of viewer_align.js, where both pages are aligned
export function marksOf({ side, against }, picture, size, frames) {
  const svg = emptyMarks(size);
  const observed = side === "observed";
  const masked = against ? (observed ? against.masked_observed : against.masked) : picture.masked;
  const put = (className, box) => svg.append(shape(className, frames?.[side].box(box) ?? box));
  for (const box of masked) put("viewer-masked", box);
  for (const band of against?.bands ?? []) {
    svg.append(shape(`viewer-band viewer-${band.kind}`, bandBox(band, side, size, frames)));
  }
  for (const box of picture.planned ?? []) put("viewer-masked viewer-planned", box);
  if (observed && picture.moving) put("viewer-moving", picture.moving);
  return svg;
}

// The one box of its kind; none takes it away.
export function markBox(svg, className, box) {
  svg.querySelector(`.${className}`)?.remove();
  if (box) svg.append(shape(className, box));
}
