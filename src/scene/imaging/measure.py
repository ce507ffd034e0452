"""Two decoded pictures to what differs, with vertical shifts aligned where that explains more."""

from dataclasses import dataclass, replace

from scene.domain.comparison import Box, ShiftBand
from scene.domain.options import ComparisonPolicy
from scene.imaging.align import Segment, align
from scene.imaging.kernel import Difference, Span, compare_rows, differing_rows
from scene.imaging.masks import masked_pixels
from scene.imaging.pixels import Pixels
from scene.imaging.stopwatch import Stopwatch

_ALIGN_ABOVE_RATIO = 0.1
"""Pictures of one size are aligned only when more of their rows than this differ."""


@dataclass(frozen=True)
class Measurement:
    """What differs, on a canvas: the observed picture from its upper left corner.

    When nothing was aligned, the canvas reaches further right and down where the baseline does.
    """

    canvas_width: int
    canvas_height: int
    height: int
    """Rows of both pictures united: more than the canvas has where rows were removed."""
    difference: Difference
    """Its positions are y * canvas_width + x."""
    added: tuple[Box, ...]
    """Areas of the canvas that only the observed picture has."""
    missing: tuple[Box, ...]
    """Areas of the canvas that only the baseline has."""
    bands: tuple[ShiftBand, ...]
    aligned: bool = False
    clipped_rows: int = 0
    masked_pixels: int = 0
    """Of both pictures united: covered by a mask in either."""
    masked_one_sided_pixels: int = 0
    """Those of them that are in the inserted and removed area."""

    @property
    def seams(self) -> tuple[ShiftBand, ...]:
        """Removed rows that are not on the canvas: they lie between two of its rows."""
        return tuple(band for band in self.bands if band.kind == "removed") if self.aligned else ()

    @property
    def removed(self) -> tuple[Box, ...]:
        """The areas of the baseline that the seams stand for, in its own coordinates."""
        return tuple(
            Box(x=band.x, y=band.baseline_y, width=band.width or self.canvas_width, height=band.rows)
            for band in self.seams
        )

    @property
    def one_sided_pixels(self) -> int:
        """The inserted and removed area, outside masks."""
        on_canvas = sum(box.width * box.height for box in (*self.added, *self.missing))
        seams = sum(band.rows for band in self.seams) * self.canvas_width
        return on_canvas + seams - self.masked_one_sided_pixels

    @property
    def shifted_pixels(self) -> int:
        """The one-sided area where it is whole rows and nothing else; 0 where the widths differ."""
        whole_rows = all(box.width == self.canvas_width for box in (*self.added, *self.missing))
        return self.one_sided_pixels if whole_rows else 0

    @property
    def changed_pixels(self) -> int:
        return len(self.difference.changed) + self.one_sided_pixels


def measure(
    baseline: Pixels, observed: Pixels, policy: ComparisonPolicy, stopwatch: Stopwatch, *, masked: bool = False
) -> Measurement:
    """The cheaper explanation of the difference: top-aligned, or with inserted and removed rows set apart.

    Where the pictures differ in size, the area that only one of them has counts as changed.
    masked: some of their pixels are MASKED, and to be counted as such.
    """
    segments = _worthwhile_segments(baseline, observed, policy)
    stopwatch.lap("align")

    def counted(measurement: Measurement) -> Measurement:
        return _count_masked(baseline, observed, measurement) if masked else measurement

    if segments is None:
        measurement = counted(_measure_top_aligned(baseline, observed, policy, None))
    else:
        shifted = counted(_measure_segments(baseline, observed, segments, policy))
        plain = counted(_measure_top_aligned(baseline, observed, policy, shifted.changed_pixels))
        measurement = shifted if shifted.changed_pixels < plain.changed_pixels else plain
    stopwatch.lap("compare")
    return measurement


def _count_masked(baseline: Pixels, observed: Pixels, measurement: Measurement) -> Measurement:
    removed = [
        Box(x=0, y=band.baseline_y, width=measurement.canvas_width, height=band.rows) for band in measurement.seams
    ]
    only_observed = sum(masked_pixels(observed, box) for box in measurement.added)
    only_baseline = sum(masked_pixels(baseline, box) for box in (*measurement.missing, *removed))
    return replace(
        measurement,
        masked_pixels=masked_pixels(observed) + only_baseline + len(measurement.difference.masked),
        masked_one_sided_pixels=only_observed + only_baseline,
    )


def _worthwhile_segments(baseline: Pixels, observed: Pixels, policy: ComparisonPolicy) -> list[Segment] | None:
    if not policy.align or baseline.shape[1] != observed.shape[1]:
        return None
    if baseline.shape == observed.shape:
        rows = len(differing_rows(baseline, observed))
        if rows <= _ALIGN_ABOVE_RATIO * baseline.shape[0]:
            return None
    return align(baseline, observed)


def _measure_top_aligned(
    baseline: Pixels, observed: Pixels, policy: ComparisonPolicy, stop_above: int | None
) -> Measurement:
    """Compare from the upper left corner; with ``stop_above``, only until more pixels than that have changed."""
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
    )
    left = None if stop_above is None else stop_above - empty.one_sided_pixels
    if left is not None and left < 0:
        return empty
    # A narrower copy only where widths differ: the neighbours of a pixel must be those of the shared area.
    before, after = (side if side.shape[1] == width else side[:, :width].copy() for side in (baseline, observed))
    difference = _compare(before[:height], after[:height], Span(0, 0, height), policy, left)
    return replace(empty, difference=difference.moved_to_width(width, canvas_width))


def _beyond(own_width: int, own_height: int, width: int, height: int) -> tuple[Box, ...]:
    """The part of a picture right of and below the area that both pictures share."""
    right = Box(x=width, y=0, width=own_width - width, height=own_height)
    below = Box(x=0, y=height, width=width, height=own_height - height)
    return tuple(box for box in (right, below) if box.width and box.height)


def _measure_segments(
    baseline: Pixels, observed: Pixels, segments: list[Segment], policy: ComparisonPolicy
) -> Measurement:
    height, width = observed.shape
    clipped_rows = 0
    if baseline.shape == observed.shape and segments[-1].kind == "removed":
        # A viewport of fixed height: what was inserted above pushed these rows out of sight.
        clipped_rows = segments[-1].rows
        segments = segments[:-1]
    bands = [
        ShiftBand(kind=segment.kind, baseline_y=segment.baseline_y, observed_y=segment.observed_y, rows=segment.rows)
        for segment in segments
        if segment.kind in ("inserted", "removed")
    ]
    parts = [_compare(baseline, observed, span, policy, None) for span in _spans(segments)]
    return Measurement(
        width,
        height,
        height + sum(band.rows for band in bands if band.kind == "removed"),
        Difference.joined(parts),
        tuple(Box(x=0, y=band.observed_y, width=width, height=band.rows) for band in bands if band.kind == "inserted"),
        (),
        tuple(bands),
        aligned=True,
        clipped_rows=clipped_rows,
    )


def _spans(segments: list[Segment]) -> list[Span]:
    """What both pictures have, in stretches of one offset.

    Rows whose hashes are equal are in them too: telling that they really are equal costs next to nothing.
    """
    spans: list[Span] = []
    for segment in segments:
        if segment.kind not in ("equal", "replaced"):
            continue
        span = Span(segment.baseline_y, segment.observed_y, segment.rows)
        last = spans[-1] if spans else Span(0, 0, 0)
        if (last.baseline_y + last.rows, last.observed_y + last.rows) == (span.baseline_y, span.observed_y) and spans:
            spans[-1] = Span(last.baseline_y, last.observed_y, last.rows + span.rows)
        else:
            spans.append(span)
    return spans


def _compare(
    baseline: Pixels, observed: Pixels, span: Span, policy: ComparisonPolicy, stop_above: int | None
) -> Difference:
    return compare_rows(
        baseline,
        observed,
        span,
        pixel_tolerance=policy.pixel_tolerance,
        ignore_antialiasing=policy.ignore_antialiasing,
        jitter_tolerance=policy.jitter_tolerance,
        stop_above=stop_above,
    )
