"""Measuring two pictures with inserted and removed rows set apart, in all columns alike or strip by strip."""

from dataclasses import dataclass

from scene.domain.comparison import Box, ShiftBand
from scene.domain.options import ComparisonPolicy
from scene.imaging.align import Segment
from scene.imaging.difference import Difference
from scene.imaging.kernel import Span, compare_span
from scene.imaging.measurement import Measurement, Patch
from scene.imaging.pixels import Pixels


@dataclass(frozen=True)
class Strip:
    """Columns that moved alike, and how their rows belong together."""

    x: int
    width: int
    segments: tuple[Segment, ...]


def measure_shifted(
    baseline: Pixels, observed: Pixels, strips: list[Strip], policy: ComparisonPolicy, stop_above: int | None
) -> Measurement:
    """Compare what the segments say belongs together; with ``stop_above``, only until more pixels have changed.

    Both pictures must have the same width, and the strips must hold each column once, from left to right. The edge of
    a strip is taken for an edge of the picture where anti-aliasing is judged.
    """
    height, width = observed.shape
    measured = []
    changed = 0
    for strip in strips:
        left = None if stop_above is None else max(0, stop_above - changed)
        measured.append(_measure_strip(baseline, observed, strip, policy, left))
        changed += measured[-1].changed_pixels
        if stop_above is not None and changed > stop_above:
            break
    difference = measured[0].difference
    if len(measured) > 1:
        difference = Difference.joined([each.difference for each in measured]).in_order()
    return Measurement(
        width,
        height,
        max(each.height for each in measured),
        difference,
        tuple(box for each in measured for box in each.added),
        (),
        tuple(sorted((band for each in measured for band in each.bands), key=lambda band: (band.observed_y, band.x))),
        tuple(patch for each in measured for patch in each.patches),
        max((each.shift_rows for each in measured), key=abs),
        aligned=True,
        clipped_rows=max(each.clipped_rows for each in measured),
    )


def _measure_strip(
    baseline: Pixels, observed: Pixels, strip: Strip, policy: ComparisonPolicy, stop_above: int | None
) -> Measurement:
    """The part of a measurement that comes from one strip; its positions are those of the whole canvas."""
    height, width = observed.shape
    segments, clipped_rows = without_clipped(strip.segments, baseline.shape == observed.shape)
    whole = strip.width == width
    bands = tuple(
        ShiftBand(
            kind=segment.kind,
            baseline_y=segment.baseline_y,
            observed_y=segment.observed_y,
            rows=segment.rows,
            x=strip.x,
            width=None if whole else strip.width,
        )
        for segment in segments
        if segment.kind in ("inserted", "removed")
    )
    columns = slice(strip.x, strip.x + strip.width)
    before, after = baseline[:, columns], observed[:, columns]
    found = sum(band.rows for band in bands) * strip.width
    spans = shared_spans(segments)
    parts = []
    for span in spans:
        if stop_above is not None and found > stop_above:
            break
        parts.append(compare_span(before, after, span, policy, None if stop_above is None else stop_above - found))
        found += len(parts[-1].changed)
    net = {"inserted": 1, "removed": -1}
    return Measurement(
        width,
        height,
        height + sum(band.rows for band in bands if band.kind == "removed"),
        Difference.joined(parts).moved_to_columns(strip.x, strip.width, width),
        tuple(
            Box(x=strip.x, y=band.observed_y, width=strip.width, height=band.rows)
            for band in bands
            if band.kind == "inserted"
        ),
        (),
        bands,
        tuple(Patch(strip.x, strip.width, span.baseline_y, span.observed_y, span.rows) for span in spans),
        sum(net[band.kind] * band.rows for band in bands),
        aligned=True,
        clipped_rows=clipped_rows,
    )


def without_clipped(segments: tuple[Segment, ...], same_height: bool) -> tuple[tuple[Segment, ...], int]:
    """The segments but for rows pushed out at the bottom of a picture of fixed height, and how many those are."""
    if same_height and segments and segments[-1].kind == "removed":
        return segments[:-1], segments[-1].rows
    return segments, 0


def shared_spans(segments: tuple[Segment, ...]) -> list[Span]:
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
