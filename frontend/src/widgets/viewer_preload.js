// Neighbours are fetched and decoded before they are asked for, so that going on is immediate.

const AHEAD = [1, 2, -1];
const kept = new Map(); // address -> image: a decoded picture stays in memory as long as it is held
const KEPT = 16;

function keep(address) {
  if (!address || kept.has(address)) return;
  const image = new Image();
  image.src = address;
  image.decode().catch(() => {}); // a picture that is gone is told where it is shown
  kept.set(address, image);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value);
}

// pictures: of the page; beyond: addresses, space-separated, of what is on the pages before and after.
export function preload(pictures, { index, kind }, beyond) {
  for (const by of AHEAD) {
    const next = pictures[index + by];
    if (!next) continue;
    const against = next.against.find((each) => each.kind === kind) ?? next.against[0];
    for (const each of [next.observed, against?.picture, against?.diff, against?.heatmap]) keep(each?.url);
  }
  const atTheEnd = index === 0 || index === pictures.length - 1;
  if (atTheEnd) for (const address of (beyond ?? "").split(" ")) keep(address);
}
