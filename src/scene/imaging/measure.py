"""Two decoded pictures to what differs, with vertical shifts aligned where that explains more."""

from dataclasses import replace

from scene.domain.options import ComparisonPolicy
from scene.imaging.align import is_shift
from scene.imaging.kernel import differing_rows
from scene.imaging.masks import masked_pixels
from scene.imaging.measurement import Measurement
from scene.imaging.moved import may_have_moved
from scene.imaging.pixels import Indices, Pixels
from scene.imaging.shifted import Strip, measure_shifted, without_clipped
from scene.imaging.stopwatch import Stopwatch
from scene.imaging.strips import Columns, align_strips, differing_ratio, look_moved, still
from scene.imaging.top_aligned import measure_top_aligned

_ALIGN_ABOVE_RATIO = 0.1
"""Pictures of one size are aligned only when more of their rows than this differ."""
_STRIPS_ABOVE_RATIO = 0.05
"""Strips are looked for only when whole rows leave more than this share of the rows replaced."""


def measure(
    baseline: Pixels, observed: Pixels, policy: ComparisonPolicy, stopwatch: Stopwatch, *, masked: bool = False
) -> Measurement:
    """The cheapest explanation of the difference: as the pictures lie, with rows inserted and removed, or with strips.

    Cheapest is what leaves fewest pixels changed, the inserted and removed area included. Where the pictures differ in
    size, the area that only one of them has counts as changed.
    masked: some of their pixels are MASKED, and to be counted as such.
    """
    differing = differing_rows(baseline, observed) if baseline.shape == observed.shape else None
    proposals = _proposals(baseline, observed, policy, differing)
    stopwatch.lap("align")
    best: Measurement | None = None
    best_key = (0, 0)
    limit: int | None = None
    for rank, strips in _most_promising_first(baseline, observed, proposals):
        if strips is None:
            found = measure_top_aligned(baseline, observed, policy, limit, differing)
        else:
            found = measure_shifted(baseline, observed, strips, policy, limit)
        found = _count_masked(baseline, observed, found) if masked else found
        key = (found.changed_pixels, rank)
        if best is None or key < best_key:
            best, best_key = found, key
        limit = None if masked else best.changed_pixels  # what a mask takes off later must not look like a cheap result
    assert best is not None
    stopwatch.lap("compare")
    return best


def _most_promising_first(
    baseline: Pixels, observed: Pixels, proposals: list[list[Strip]]
) -> list[tuple[int, list[Strip] | None]]:
    """The ways to measure with their ranks, of which the lowest wins a tie: no shift (None) is 0, then the proposals.

    In the order of what a sample of the rows says they leave changed. It changes no answer, only how soon measuring
    the worse ones can end.
    """
    if not proposals:
        return [(0, None)]
    plain = [Strip(0, baseline.shape[1], still(len(baseline), len(observed)))]
    estimates = [_estimate(baseline, observed, strips) for strips in (plain, *proposals)]
    ways: list[tuple[int, list[Strip] | None]] = [(0, None), *enumerate(proposals, 1)]
    return sorted(ways, key=lambda way: estimates[way[0]])


def _estimate(baseline: Pixels, observed: Pixels, strips: list[Strip]) -> float:
    pixels = 0.0
    for strip in strips:
        segments, _ = without_clipped(strip.segments, baseline.shape == observed.shape)
        one_sided = sum(each.rows for each in segments if each.kind in ("inserted", "removed"))
        replaced = sum(each.rows for each in segments if each.kind == "replaced")
        pixels += strip.width * (one_sided + replaced * differing_ratio(baseline, observed, strip))
    return pixels


def _count_masked(baseline: Pixels, observed: Pixels, measurement: Measurement) -> Measurement:
    only_observed = sum(masked_pixels(observed, box) for box in measurement.added)
    only_baseline = sum(masked_pixels(baseline, box) for box in (*measurement.missing, *measurement.removed))
    return replace(
        measurement,
        masked_pixels=masked_pixels(observed) + only_baseline + len(measurement.difference.masked),
        masked_one_sided_pixels=only_observed + only_baseline,
    )


def _proposals(
    baseline: Pixels, observed: Pixels, policy: ComparisonPolicy, differing: Indices | None
) -> list[list[Strip]]:
    """Alignments worth measuring: of two that are equally good, the first is taken.

    differing: the rows that differ between pictures of one size.
    """
    if not policy.align or baseline.shape[1] != observed.shape[1]:
        return []
    if differing is not None and len(differing) <= _ALIGN_ABOVE_RATIO * len(baseline):
        return []
    if not may_have_moved(baseline, observed, policy.pixel_tolerance, differing):
        return []
    columns = Columns.of(baseline, observed)
    (segments,) = columns.aligned(1)
    proposals = []
    replaced = sum(segment.rows for segment in segments if segment.kind == "replaced")
    if replaced > _STRIPS_ABOVE_RATIO * len(baseline) and look_moved(baseline, observed, segments):
        strips = align_strips(columns, segments)
        proposals += [] if strips is None else [strips]
    if is_shift(segments):
        proposals.append([Strip(0, baseline.shape[1], segments)])
    return proposals
