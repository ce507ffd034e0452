"""Measuring two pictures as they lie: the upper left corner of one on that of the other."""

from dataclasses import replace

from scene.domain.comparison import Box, ShiftBand
from scene.domain.options import ComparisonPolicy
from scene.imaging.difference import Difference
from scene.imaging.kernel import Span, compare_span
from scene.imaging.measurement import Measurement, Patch
from scene.imaging.pixels import Indices, Pixels


def measure_top_aligned(
    baseline: Pixels,
    observed: Pixels,
    policy: ComparisonPolicy,
    stop_above: int | None = None,
    differing: Indices | None = None,
) -> Measurement:
    """Compare from the upper left corner; with ``stop_above``, only until more pixels than that have changed.

    differing: the rows that differ, for a caller who knows them.
    """
    (before_height, before_width), (after_height, after_width) = baseline.shape, observed.shape
    height, width = min(before_height, after_height), min(before_width, after_width)
    canvas_width = max(before_width, after_width)
    bands = []
    if after_height > before_height:
        rows = after_height - before_height
        bands.append(ShiftBand(kind="inserted", baseline_y=height, observed_y=height, rows=rows))
    elif before_height > after_height:
        rows = before_height - after_height
        bands.append(ShiftBand(kind="removed", baseline_y=height, observed_y=height, rows=rows))
    empty = Measurement(
        canvas_width,
        max(before_height, after_height),
        max(before_height, after_height),
        Difference.joined([]),
        _beyond(after_width, after_height, width, height),
        _beyond(before_width, before_height, width, height),
        tuple(bands),
        (Patch(0, width, 0, 0, height),),
        after_height - before_height,
    )
    left = None if stop_above is None else stop_above - empty.one_sided_pixels
    if left is not None and left < 0:
        return empty
    # A narrower copy only where widths differ: the neighbours of a pixel must be those of the shared area.
    before, after = (side if side.shape[1] == width else side[:, :width].copy() for side in (baseline, observed))
    difference = compare_span(before[:height], after[:height], Span(0, 0, height), policy, left, differing)
    return replace(empty, difference=difference.moved_to_columns(0, width, canvas_width))


def _beyond(own_width: int, own_height: int, width: int, height: int) -> tuple[Box, ...]:
    """The part of a picture right of and below the area that both pictures share."""
    right = Box(x=width, y=0, width=own_width - width, height=own_height)
    below = Box(x=0, y=height, width=width, height=own_height - height)
    return tuple(box for box in (right, below) if box.width and box.height)
