"""How alike the changed places still are: structural similarity (SSIM), as information.

After Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural similarity",
2004, with its constants, on the luma of blocks of 8 x 8 px that do not overlap. Only blocks with a changed pixel are
worked out. It tells a faded text from one that was replaced; it does not tell noise from a change, so nothing is
decided by it.
"""

import numpy as np
import numpy.typing as npt

from scene.domain.comparison import Similarity
from scene.imaging import compiled
from scene.imaging.cells import Cells
from scene.imaging.measurement import Measurement
from scene.imaging.pixels import Indices, Pixels

_BLOCK = 8
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_MAX_BLOCKS = 20_000
"""Of more blocks, so many are looked at, evenly spread: enough for a mean, and quick."""
_AT_ONCE = 2048

Values = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


def similarity(baseline: Pixels, observed: Pixels, measurement: Measurement) -> Similarity | None:
    """The similarity of the blocks with changed pixels; None where there are none or the pictures are smaller."""
    height, width = (min(sides) for sides in zip(baseline.shape, observed.shape, strict=True))
    if min(height, width) < _BLOCK or not len(measurement.difference.changed):
        return None
    y, x = _changed_blocks(measurement)
    offset = _baseline_offset(measurement, y, x)
    picked = np.linspace(0, len(y) - 1, min(len(y), _MAX_BLOCKS)).astype(np.intp)
    offset = offset[picked]
    x = np.minimum(x[picked] * _BLOCK, width - _BLOCK)
    highest, lowest = np.maximum(0, -offset), np.minimum(len(observed), len(baseline) - offset) - _BLOCK
    top = np.clip(y[picked] * _BLOCK, highest, lowest)
    places = np.stack([x, top + offset, top], axis=1).astype(np.int64)
    sums = block_sums if compiled.LOOPS is None else compiled.LOOPS.block_sums
    values = _similarities(sums(baseline, observed, places))
    blocks, mean = len(y), float(values.mean())
    compared = max(blocks, sum(patch.width * patch.rows for patch in measurement.patches) // _BLOCK**2)
    return Similarity(
        blocks=blocks,
        lowest=round(float(values.min()), 4),
        mean=round(mean, 4),
        overall=round(1 - (1 - mean) * blocks / compared, 6),
    )


def _changed_blocks(measurement: Measurement) -> tuple[Indices, Indices]:
    """Row and column of each block of the canvas with a changed pixel."""
    cells = Cells.of(measurement.difference.changed, measurement.canvas_width, _BLOCK)
    return cells.y, cells.x


def _baseline_offset(measurement: Measurement, y: Indices, x: Indices) -> Indices:
    """For each block, by how much its rows lie further down in the baseline."""
    offset = np.zeros(len(y), np.intp)
    for patch in measurement.patches:
        if patch.baseline_y == patch.observed_y:
            continue
        middle_y, middle_x = y * _BLOCK + _BLOCK // 2, x * _BLOCK + _BLOCK // 2
        inside = (middle_y >= patch.observed_y) & (middle_y < patch.observed_y + patch.rows)
        inside &= (middle_x >= patch.x) & (middle_x < patch.x + patch.width)
        offset[inside] = patch.baseline_y - patch.observed_y
    return offset


def block_sums(baseline: Pixels, observed: Pixels, places: Numbers) -> Numbers:
    """Of the blocks at each place (x, y in the baseline, y in the observed picture), shape (blocks, 4).

    The sums of luma, 256 times 0 to 255, in the one and in the other, of the squares of both together, and of the
    products: whole numbers, so that every way to add them up gives the same.
    """
    answers = [np.zeros((0, 4), np.int64)]
    for start in range(0, len(places), _AT_ONCE):
        x, before, after = places[start : start + _AT_ONCE].T
        one, other = _luma(baseline, before, x), _luma(observed, after, x)
        squares = (one * one + other * other).sum(axis=1)
        answers.append(np.stack([one.sum(axis=1), other.sum(axis=1), squares, (one * other).sum(axis=1)], axis=1))
    return np.concatenate(answers)


def _luma(picture: Pixels, y: Numbers, x: Numbers) -> Numbers:
    """Of the blocks that begin there, shape (blocks, 64)."""
    side = np.arange(_BLOCK)
    pixels = picture[y[:, None, None] + side[:, None], x[:, None, None] + side]
    luma = (pixels & 255) * np.uint32(77) + (pixels >> 8 & 255) * np.uint32(150) + (pixels >> 16 & 255) * np.uint32(29)
    values: Numbers = luma.reshape(-1, _BLOCK * _BLOCK).astype(np.int64)
    return values


def _similarities(sums: Numbers) -> Values:
    one, other, squares, products = sums.T
    pixels = _BLOCK * _BLOCK
    unit = 256.0 * 256.0 * pixels * pixels
    brightness = (2 * (one * other / unit) + _C1) / ((one * one + other * other) / unit + _C1)
    covariance = (products * pixels - one * other) / unit
    spread = (squares * pixels - one * one - other * other) / unit
    similar: Values = brightness * ((2 * covariance + _C2) / (spread + _C2))
    return similar
