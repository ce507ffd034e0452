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
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from scene.domain.options import ComparisonPolicy
from scene.imaging import compiled
from scene.imaging.antialias import find_antialiased
from scene.imaging.jitter import find_jitter
from scene.imaging.picture_loops import Differing
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


@dataclass(frozen=True)
class Difference:
    """What differs between two pictures of one width; positions are those of the observed picture."""

    changed: Indices
    delta: npt.NDArray[np.float64]
    """Squared YIQ distance of each changed pixel, 0 to MAX_DELTA."""
    before: Pixels
    """The baseline's colour of each changed pixel."""
    after: Pixels
    """The observed picture's."""
    antialiased: Indices
    """Beyond the tolerance, but anti-aliasing: not among the changed."""
    jitter: Indices
    """Beyond the tolerance and no anti-aliasing, but near by in the other picture: not among the changed."""
    different_pixels: int
    """How many pixels differ by anything at all."""
    masked: Indices
    """Those that only the baseline masks: ignored like those that the observed picture masks."""

    @classmethod
    def joined(cls, parts: list["Difference"]) -> "Difference":
        """One difference of several, given from top to bottom; of none, the empty difference."""
        nothing = np.zeros(0, np.intp)
        return cls(
            changed=np.concatenate([nothing, *(part.changed for part in parts)]),
            delta=np.concatenate([np.zeros(0), *(part.delta for part in parts)]),
            before=np.concatenate([np.zeros(0, np.uint32), *(part.before for part in parts)]),
            after=np.concatenate([np.zeros(0, np.uint32), *(part.after for part in parts)]),
            antialiased=np.concatenate([nothing, *(part.antialiased for part in parts)]),
            jitter=np.concatenate([nothing, *(part.jitter for part in parts)]),
            different_pixels=sum(part.different_pixels for part in parts),
            masked=np.concatenate([nothing, *(part.masked for part in parts)]),
        )

    def moved_to_columns(self, x: int, width: int, new_width: int) -> "Difference":
        """The same pixels of a strip ``width`` columns wide, with positions for the picture it was cut out of at x."""
        if width == new_width:
            return self
        further = new_width - width
        return replace(
            self,
            changed=self.changed + (self.changed // width * further + x),
            antialiased=self.antialiased + (self.antialiased // width * further + x),
            jitter=self.jitter + (self.jitter // width * further + x),
            masked=self.masked + (self.masked // width * further + x),
        )

    def in_order(self) -> "Difference":
        """The same pixels with ascending positions."""
        order = np.argsort(self.changed, kind="stable")
        return replace(
            self,
            changed=self.changed[order],
            delta=self.delta[order],
            before=self.before[order],
            after=self.after[order],
            antialiased=np.sort(self.antialiased),
            jitter=np.sort(self.jitter),
            masked=np.sort(self.masked),
        )


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
    lane = np.uint64 if width % 2 == 0 else np.uint32
    before, after = baseline.view(lane), observed.view(lane)
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
        part = _compare_band(baseline, observed, band, pixel_tolerance, ignore_antialiasing, jitter_tolerance)
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
) -> Difference:
    limit = distance_limit(pixel_tolerance)
    find = _find_differing if compiled.LOOPS is None else compiled.LOOPS.compare_rows
    rows = (band.baseline_y, band.observed_y, band.rows)
    found = find(baseline, observed, rows, limit, int(limit / _DELTA_PER_SQUARE), ignore_antialiasing)
    positions, delta = found.changed, found.delta
    jitter = positions[:0]
    if jitter_tolerance and len(positions):
        near = find_jitter(baseline, observed, band.baseline_y, band.observed_y, band.rows, positions, jitter_tolerance)
        jitter = positions[near]
        positions, delta = positions[~near], delta[~near]
    offset = band.observed_y * baseline.shape[1]
    return Difference(
        positions + offset,
        delta,
        baseline[band.baseline_y :].reshape(-1)[positions],
        observed[band.observed_y :].reshape(-1)[positions],
        found.antialiased + offset,
        jitter + offset,
        found.different_pixels,
        found.masked + offset,
    )


def _find_differing(
    baseline: Pixels,
    observed: Pixels,
    rows: tuple[int, int, int],
    limit: float,
    bound: int,
    ignore_antialiasing: bool,
) -> Differing:
    """``Loops.compare_rows`` by numpy."""
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
    return Differing(positions, delta, antialiased, masked, len(unequal))


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
