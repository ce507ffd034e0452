"""Two decoded pictures to what differs, with vertical shifts aligned where that explains more."""

from dataclasses import replace

from scene.domain.options import ComparisonPolicy
from scene.imaging.align import align, is_shift
from scene.imaging.kernel import differing_rows
from scene.imaging.masks import masked_pixels
from scene.imaging.measurement import Measurement
from scene.imaging.pixels import Pixels
from scene.imaging.shifted import Strip, measure_shifted
from scene.imaging.stopwatch import Stopwatch
from scene.imaging.strips import align_strips, look_moved
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
    proposals = _proposals(baseline, observed, policy)
    stopwatch.lap("align")

    def counted(measurement: Measurement) -> Measurement:
        return _count_masked(baseline, observed, measurement) if masked else measurement

    best: Measurement | None = None
    limit: int | None = None
    for strips in proposals:
        shifted = counted(measure_shifted(baseline, observed, strips, policy, limit))
        best = shifted if best is None or shifted.changed_pixels < best.changed_pixels else best
        limit = None if masked else best.changed_pixels  # what a mask takes off later must not look like a cheap result
    plain = counted(measure_top_aligned(baseline, observed, policy, limit))
    stopwatch.lap("compare")
    return plain if best is None or plain.changed_pixels <= best.changed_pixels else best


def _count_masked(baseline: Pixels, observed: Pixels, measurement: Measurement) -> Measurement:
    only_observed = sum(masked_pixels(observed, box) for box in measurement.added)
    only_baseline = sum(masked_pixels(baseline, box) for box in (*measurement.missing, *measurement.removed))
    return replace(
        measurement,
        masked_pixels=masked_pixels(observed) + only_baseline + len(measurement.difference.masked),
        masked_one_sided_pixels=only_observed + only_baseline,
    )


def _proposals(baseline: Pixels, observed: Pixels, policy: ComparisonPolicy) -> list[list[Strip]]:
    """Alignments worth measuring, the most promising first: of two that are equally good, the first is taken."""
    if not policy.align or baseline.shape[1] != observed.shape[1]:
        return []
    if baseline.shape == observed.shape:
        rows = len(differing_rows(baseline, observed))
        if rows <= _ALIGN_ABOVE_RATIO * baseline.shape[0]:
            return []
    segments = align(baseline, observed)
    proposals = []
    replaced = sum(segment.rows for segment in segments if segment.kind == "replaced")
    if replaced > _STRIPS_ABOVE_RATIO * len(baseline) and look_moved(baseline, observed, segments):
        strips = align_strips(baseline, observed, segments)
        proposals += [] if strips is None else [strips]
    if is_shift(segments):
        proposals.append([Strip(0, baseline.shape[1], segments)])
    return proposals
