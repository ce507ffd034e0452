// What is drawn over a picture: masks, what moved, inserted and removed rows, and the region that is looked at.

const SVG = "http://www.w3.org/2000/svg";

function shape(className, { x, y, width, height }) {
  const rect = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, value);
  rect.setAttribute("class", className);
  return rect;
}

// A band has rows on one side; on the other it is the line where they would be.
function bandBox(band, side, size) {
  const isHere = (band.kind === "inserted") === (side === "observed");
  const y = side === "observed" ? band.observed_y : band.baseline_y;
  return { x: band.x, y, width: band.width ?? size.width, height: isHere ? band.rows : 0 };
}

export function marksOf({ side, against }, picture, size) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "viewer-marks");
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const observed = side === "observed";
  const masked = against ? (observed ? against.masked_observed : against.masked) : picture.masked;
  for (const box of masked) svg.append(shape("viewer-masked", box));
  for (const band of against?.bands ?? []) svg.append(shape(`viewer-band viewer-${band.kind}`, bandBox(band, side, size)));
  if (observed && picture.moving) svg.append(shape("viewer-moving", picture.moving));
  return svg;
}

export function markRegion(svg, region) {
  svg.querySelector(".viewer-region")?.remove();
  if (region) svg.append(shape("viewer-region", region));
}
