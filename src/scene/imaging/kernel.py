"""Which pixels of two pictures differ: pixelmatch 7, exactly, looking only where something differs.

The colour distance and the anti-aliasing rule follow mapbox/pixelmatch, https://github.com/mapbox/pixelmatch:

    ISC License. Copyright (c) 2025, Mapbox.
    Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby
    granted, provided that the above copyright notice and this permission notice appear in all copies.
    The software is provided "as is" and the author disclaims all warranties with regard to this software including
    all implied warranties of merchantability and fitness. In no event shall the author be liable for any special,
    direct, indirect, or consequential damages or any damages whatsoever resulting from loss of use, data or profits,
    whether in an action of contract, negligence or other tortious action, arising out of or in connection with the
    use or performance of this software.

Each step is dearer than the one before and sees only what that one left: equal rows, equal pixels, an integer bound
on the colour distance, the exact distance, anti-aliasing (``antialias``), and jitter where it is asked for
(``jitter``). All but the last are compiled where there was a compiler (``compiled``), with the same answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scene.domain.options import ComparisonPolicy
from scene.imaging import compiled
from scene.imaging.antialias import find_antialiased
from scene.imaging.difference import Difference
from scene.imaging.jitter import find_jitter
from scene.imaging.pixels import MASKED, Indices, Pixels

Values = npt.NDArray[np.float64]

MAX_DELTA = 35215.0
"""The greatest possible squared YIQ distance, as pixelmatch rounds it."""
_DELTA_PER_SQUARE = 0.2560782
"""The YIQ distance is at most this many times dr^2 + dg^2 + db^2: its largest eigenvalue, rounded up."""
_BAND_PIXELS = 1 << 18
"""Rows are looked at together up to this many pixels: few numpy calls, but bounded memory."""


@dataclass(frozen=True)
class Span:
    """So many rows of the baseline, to be compared with as many rows of the observed picture."""

    baseline_y: int
    observed_y: int
    rows: int


def distance_limit(pixel_tolerance: float) -> float:
    """The squared YIQ distance above which colours are further apart than is tolerated."""
    return MAX_DELTA * pixel_tolerance * pixel_tolerance


def squared_distances(red: Values, green: Values, blue: Values) -> Values:
    """Those in YIQ of differences of red, green and blue, of -255 to 255.

    The order of the floating-point operations is pixelmatch's, so that the result is the same to the last bit.
    """
    y = red * 0.29889531 + green * 0.58662247 + blue * 0.11448223
    i = red * 0.59597799 - green * 0.27417610 - blue * 0.32180189
    q = red * 0.21147017 - green * 0.52261711 + blue * 0.31114694
    return 0.5053 * y * y + 0.299 * i * i + 0.1957 * q * q


def differing_rows(baseline: Pixels, observed: Pixels) -> Indices:
    """The numbers of the rows in which two pictures of one shape differ at all."""
    if compiled.LOOPS is not None:
        return compiled.LOOPS.differing_rows(baseline, observed)
    rows, width = baseline.shape
    before, after = np.ascontiguousarray(baseline), np.ascontiguousarray(observed)
    if width % 2 == 0:
        before, after = before.view(np.uint64), after.view(np.uint64)
    step = max(1, _BAND_PIXELS // width)
    scratch = np.empty((step, before.shape[1]), np.bool_)
    differ = np.empty(rows, np.bool_)
    for top in range(0, rows, step):
        unequal = scratch[: min(step, rows - top)]
        np.not_equal(before[top : top + step], after[top : top + step], out=unequal)
        np.any(unequal, axis=1, out=differ[top : top + step])
    return np.flatnonzero(differ)


def compare_rows(
    baseline: Pixels,
    observed: Pixels,
    span: Span,
    *,
    pixel_tolerance: float,
    ignore_antialiasing: bool,
    jitter_tolerance: int = 0,
    stop_above: int | None = None,
    differing: Indices | None = None,
) -> Difference:
    """Compare the rows of one span; both pictures must have the same width.

    ``pixel_tolerance`` is pixelmatch's threshold, 0 to 1. Anti-aliasing is judged with the rows around the span in
    each picture, so for a whole picture the counts equal those of pixelmatch 7 on opaque pixels (``includeAA`` false
    when ``ignore_antialiasing``). With ``jitter_tolerance``, in pixels, ``jitter`` forgives more than pixelmatch does.
    With ``stop_above``, looking ends soon after more pixels than that have changed. ``differing`` are the rows of the
    span that differ, counted from its first, for a caller who knows them.
    """
    if differing is None:
        differing = differing_rows(
            baseline[span.baseline_y : span.baseline_y + span.rows],
            observed[span.observed_y : span.observed_y + span.rows],
        )
    parts: list[Difference] = []
    found = 0
    for band in _changed_bands(span, differing, baseline.shape[1]):
        left = None if stop_above is None else stop_above - found
        part = _compare_band(baseline, observed, band, pixel_tolerance, ignore_antialiasing, jitter_tolerance, left)
        parts.append(part)
        found += len(part.changed)
        if stop_above is not None and found > stop_above:
            break
    return Difference.joined(parts)


def compare_span(
    baseline: Pixels,
    observed: Pixels,
    span: Span,
    policy: ComparisonPolicy,
    stop_above: int | None,
    differing: Indices | None = None,
) -> Difference:
    """``compare_rows`` with the tolerances of a policy."""
    return compare_rows(
        baseline,
        observed,
        span,
        pixel_tolerance=policy.pixel_tolerance,
        ignore_antialiasing=policy.ignore_antialiasing,
        jitter_tolerance=policy.jitter_tolerance,
        stop_above=stop_above,
        differing=differing,
    )


def _changed_bands(span: Span, rows: Indices, width: int) -> Iterator[Span]:
    """Spans of neighbouring rows of those that differ, none larger than _BAND_PIXELS (or one row)."""
    step = max(1, _BAND_PIXELS // width)
    first = 0
    while first < len(rows):
        top = int(rows[first])
        after = int(np.searchsorted(rows, top + step))
        yield Span(span.baseline_y + top, span.observed_y + top, int(rows[after - 1]) + 1 - top)
        first = after


def _compare_band(
    baseline: Pixels,
    observed: Pixels,
    band: Span,
    pixel_tolerance: float,
    ignore_antialiasing: bool,
    jitter_tolerance: int,
    stop_above: int | None,
) -> Difference:
    find = _find_differing if compiled.LOOPS is None else compiled.LOOPS.compare_rows
    limit = distance_limit(pixel_tolerance)
    rows = (band.baseline_y, band.observed_y, band.rows)
    # What is jitter can only be told of pixels that were found, so none is left out before that.
    most = None if jitter_tolerance else stop_above
    found = find(baseline, observed, rows, limit, int(limit / _DELTA_PER_SQUARE), ignore_antialiasing, most)
    if not jitter_tolerance or not len(found.changed):
        return found
    positions = found.changed - band.observed_y * baseline.shape[1]
    return found.without_jitter(find_jitter(baseline, observed, *rows, positions, jitter_tolerance))


def _find_differing(
    baseline: Pixels,
    observed: Pixels,
    rows: tuple[int, int, int],
    limit: float,
    bound: int,
    ignore_antialiasing: bool,
    stop_above: int | None = None,
) -> Difference:
    """``Loops.compare_rows`` by numpy, to whose answer ``stop_above`` makes no difference: it looks at all at once."""
    del stop_above
    baseline_y, observed_y, count = rows
    before = baseline[baseline_y : baseline_y + count].reshape(-1)
    after = observed[observed_y : observed_y + count].reshape(-1)
    unequal = np.flatnonzero(before != after)
    old, new = before[unequal], after[unequal]
    masked = unequal[:0]
    if (either := (old | new) >= MASKED).any():
        masked, unequal = unequal[either & (new < MASKED)], unequal[~either]
        old, new = old[~either], new[~either]
    positions, delta = _beyond(unequal, old, new, limit, bound)
    antialiased = positions[:0]
    if ignore_antialiasing and len(positions):
        smooth = find_antialiased(baseline, observed, baseline_y, observed_y, count, positions)
        antialiased = positions[smooth]
        positions, delta = positions[~smooth], delta[~smooth]
    offset = observed_y * baseline.shape[1]
    return Difference(
        positions + offset,
        delta,
        before[positions],
        after[positions],
        antialiased + offset,
        positions[:0],
        len(unequal),
        masked + offset,
    )


def _beyond(
    positions: Indices, before: Pixels, after: Pixels, limit: float, bound: int
) -> tuple[Indices, npt.NDArray[np.float64]]:
    """Those of the positions whose colours are further apart than ``limit``, and their squared YIQ distances."""
    red = (before & 255).view(np.int32) - (after & 255).view(np.int32)
    green = (before >> 8 & 255).view(np.int32) - (after >> 8 & 255).view(np.int32)
    blue = (before >> 16).view(np.int32) - (after >> 16).view(np.int32)
    maybe = np.flatnonzero(red * red + green * green + blue * blue > bound)
    delta = squared_distances(*(channel[maybe].astype(np.float64) for channel in (red, green, blue)))
    beyond = np.flatnonzero(delta > limit)
    return positions[maybe[beyond]], delta[beyond]
