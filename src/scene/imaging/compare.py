"""Two PNG files to numbers and pictures: the whole comparison, each step skipped when a cheaper one has answered."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scene.domain.comparison import ComparisonStats, Similarity
from scene.domain.masking import ComparedMask
from scene.domain.options import ComparisonPolicy
from scene.imaging.decode import decode_png
from scene.imaging.fingerprint import change_fingerprint
from scene.imaging.heatmap import draw_heatmap, heatmap_png
from scene.imaging.kernel import MAX_DELTA
from scene.imaging.looks import with_looks
from scene.imaging.masks import covered_pixels, fill_masks
from scene.imaging.measure import measure
from scene.imaging.measurement import Measurement
from scene.imaging.pixels import Pixels
from scene.imaging.png_file import read_png_file
from scene.imaging.regions import Boxes, bounding_box, box_positions, full_boxes, largest_regions
from scene.imaging.render import diff_png, draw_diff, seam_box
from scene.imaging.similarity import similarity
from scene.imaging.stopwatch import Stopwatch
from scene.imaging.threads import both

ENGINE = "scene 1 (pixelmatch 7)"
"""Raise the number whenever the same two pictures may give other counts."""
_MAX_REGIONS = 200


@dataclass(frozen=True)
class ComparisonResult:
    """The pictures are PNG files; both are None when no pixel counts as changed."""

    stats: ComparisonStats
    diff_png: bytes | None
    heatmap_png: bytes | None


def compare_pictures(
    baseline: bytes,
    observed: bytes,
    policy: ComparisonPolicy,
    labels: tuple[str, str] = ("The baseline", "The observed picture"),
    masks: Sequence[ComparedMask] = (),
) -> ComparisonResult:
    """Compare two PNG files of any size under a policy; its limits play no part, only its tolerances and ``align``.

    masks: where the policy's masks are in both pictures. Transparent pixels are seen on white.

    Equal files are not decoded. Raises PictureError for a file that cannot be read; its sentence begins with the
    label of that file.
    """
    stopwatch = Stopwatch()
    if baseline == observed:
        png = read_png_file(observed, labels[1])
        stopwatch.lap("read")
        return ComparisonResult(_timed(identical_stats(png.width, png.height, masks), stopwatch), None, None)
    before, after = both(lambda: decode_png(baseline, labels[0]), lambda: decode_png(observed, labels[1]))
    stopwatch.lap("decode")
    before, after = fill_masks(before, after, masks)
    measurement = measure(before, after, policy, stopwatch, masked=bool(masks))
    counts, described = both(
        lambda: _counts(before, after, measurement), lambda: _described(before, after, measurement)
    )
    stopwatch.lap("describe")
    stats = counts.model_copy(update={"ssim": described.ssim, "change_fingerprint": described.change_fingerprint})
    return ComparisonResult(_timed(stats, stopwatch), described.diff_png, described.heatmap_png)


def identical_stats(width: int, height: int, masks: Sequence[ComparedMask] = ()) -> ComparisonStats:
    """The numbers of two equal pictures of this size in pixels, for callers that know without asking."""
    areas = [area for mask in masks for area in mask.observed]
    return _without_difference(width, height, covered_pixels(areas, width, height))


def _without_difference(width: int, height: int, masked_pixels: int) -> ComparisonStats:
    return ComparisonStats(
        engine=ENGINE,
        identical=True,
        width=width,
        height=height,
        changed_pixels=0,
        residual_pixels=0,
        percent_changed=0.0,
        antialiased_pixels=0,
        different_pixels=0,
        max_colour_distance=0.0,
        regions=[],
        total_regions=0,
        bounding_box=None,
        shift_bands=[],
        shift_rows=0,
        aligned=False,
        masked_pixels=masked_pixels,
        durations_ms={},
    )


@dataclass(frozen=True)
class _Described:
    """What is made of a change besides its counts."""

    ssim: Similarity | None = None
    change_fingerprint: str | None = None
    diff_png: bytes | None = None
    heatmap_png: bytes | None = None


def _described(before: Pixels, after: Pixels, measurement: Measurement) -> _Described:
    if measurement.changed_pixels == 0:
        return _Described()
    return _Described(
        similarity(before, after, measurement),
        change_fingerprint(before, after, measurement),
        diff_png(draw_diff(before, after, measurement)),
        heatmap_png(draw_heatmap(measurement)),
    )


def _timed(stats: ComparisonStats, stopwatch: Stopwatch) -> ComparisonStats:
    return stats.model_copy(update={"durations_ms": dict(stopwatch.laps_ms)})


def _counts(before: Pixels, after: Pixels, measurement: Measurement) -> ComparisonStats:
    difference = measurement.difference
    different = difference.different_pixels + measurement.one_sided_pixels
    if different == 0 and not measurement.bands:
        return _without_difference(measurement.canvas_width, measurement.height, measurement.masked_pixels)
    boxes, around = _boxes(measurement)
    regions = with_looks(largest_regions(boxes, _MAX_REGIONS), before, after, measurement)
    area = max(1, measurement.canvas_width * measurement.height - measurement.masked_pixels)
    return ComparisonStats(
        engine=ENGINE,
        identical=False,
        width=measurement.canvas_width,
        height=measurement.height,
        changed_pixels=measurement.changed_pixels,
        residual_pixels=len(difference.changed),
        shifted_pixels=measurement.shifted_pixels,
        percent_changed=100 * measurement.changed_pixels / area,
        antialiased_pixels=len(difference.antialiased),
        different_pixels=different,
        max_colour_distance=float(np.sqrt(difference.delta.max(initial=0.0) / MAX_DELTA)),
        jitter_pixels=len(difference.jitter),
        regions=regions,
        largest_region=regions[0] if regions else None,
        total_regions=len(boxes),
        bounding_box=bounding_box(around),
        shift_bands=list(measurement.bands),
        shift_rows=measurement.shift_rows,
        aligned=measurement.aligned,
        clipped_rows=measurement.clipped_rows,
        masked_pixels=measurement.masked_pixels,
        durations_ms={},
    )


def _boxes(measurement: Measurement) -> tuple[Boxes, Boxes]:
    """The boxes that are regions, and those with the lines where removed rows were: what the bounding box holds."""
    boxes = np.concatenate(
        [
            box_positions(measurement.difference.changed, measurement.canvas_width),
            full_boxes(measurement.added),
            full_boxes(measurement.missing),
        ]
    )
    seams = full_boxes(tuple(seam_box(band, measurement) for band in measurement.seams))
    return boxes, np.concatenate([boxes, seams])
