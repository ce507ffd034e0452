// Both pages in one frame: where one of them has rows that the other lacks, the other is moved apart by as many.
//
// Only bands of all columns move whole pages; those of a strip that moved by itself are drawn where they are.
export const isWhole = (band, width) => band.width === null || (band.x === 0 && band.width >= width);

// The bands by which both pages can be aligned.
export function alignable(picture, against) {
  if (!picture.observed || !against?.picture) return [];
  return against.bands.filter((band) => isWhole(band, picture.observed.width));
}

// One page in the frame. gaps: [{ y, rows }]: so many empty rows before the page's own row y.
class Frame {
  constructor({ width, height }, gaps) {
    this.gaps = [...gaps].sort((a, b) => a.y - b.y);
    this.width = width;
    this.height = height + gaps.reduce((sum, { rows }) => sum + rows, 0);
  }

  // The frame's row of a page's row.
  at(y) {
    return this.gaps.reduce((moved, gap) => (gap.y <= y ? moved + gap.rows : moved), y);
  }

  // The page's row of a frame's row; none inside a gap.
  from(row) {
    let y = row;
    for (const gap of this.gaps) {
      if (y < gap.y) break;
      if (y < gap.y + gap.rows) return null;
      y -= gap.rows;
    }
    return y;
  }

  // The pieces of a page of this height, from top to bottom: rows [from, to) stand at row `at`.
  pieces(height) {
    const cuts = [...new Set([0, ...this.gaps.map(({ y }) => y), height])].filter((y) => y >= 0 && y <= height);
    return cuts.slice(1).map((to, index) => ({ from: cuts[index], to, at: this.at(cuts[index]) }));
  }

  box({ x, y, width, height }) {
    const top = this.at(y);
    return { x, y: top, width, height: height > 0 ? this.at(y + height - 1) + 1 - top : 0 };
  }
}

// Of both sides; none where there is nothing to align.
export function framesOf(picture, against) {
  const bands = alignable(picture, against);
  if (bands.length === 0) return null;
  const gaps = (kind, y) => bands.filter((band) => band.kind === kind).map((band) => ({ y: band[y], rows: band.rows }));
  return {
    observed: new Frame(picture.observed, gaps("removed", "observed_y")),
    against: new Frame(against.picture, gaps("inserted", "baseline_y")),
  };
}
