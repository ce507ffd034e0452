"""How alike the changed places still are: structural similarity (SSIM), as information.

After Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural similarity",
2004, with its constants, on the luma of blocks of 8 x 8 px that do not overlap. Only blocks with a changed pixel are
worked out. It tells a faded text from one that was replaced; it does not tell noise from a change, so nothing is
decided by it.
"""

import numpy as np
import numpy.typing as npt

from scene.domain.comparison import Similarity
from scene.imaging.measurement import Measurement
from scene.imaging.pixels import Indices, Pixels

_BLOCK = 8
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_MAX_BLOCKS = 20_000
"""Of more blocks, so many are looked at, evenly spread: enough for a mean, and quick."""
_AT_ONCE = 2048

Values = npt.NDArray[np.float32]


def similarity(baseline: Pixels, observed: Pixels, measurement: Measurement) -> Similarity | None:
    """The similarity of the blocks with changed pixels; None where there are none or the pictures are smaller."""
    height, width = (min(sides) for sides in zip(baseline.shape, observed.shape, strict=True))
    if min(height, width) < _BLOCK or not len(measurement.difference.changed):
        return None
    y, x = _changed_blocks(measurement)
    offset = _baseline_offset(measurement, y, x)
    picked = np.linspace(0, len(y) - 1, min(len(y), _MAX_BLOCKS)).astype(np.intp)
    x = np.minimum(x[picked] * _BLOCK, width - _BLOCK)
    highest, lowest = np.maximum(0, -offset[picked]), np.minimum(len(observed), len(baseline) - offset[picked]) - _BLOCK
    top = np.clip(y[picked] * _BLOCK, highest, lowest)
    values = np.concatenate(
        [
            _block_similarity(
                _luma(baseline, (top + offset[picked])[part], x[part]), _luma(observed, top[part], x[part])
            )
            for part in (slice(start, start + _AT_ONCE) for start in range(0, len(picked), _AT_ONCE))
        ]
    )
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
    columns = -(-measurement.canvas_width // _BLOCK)
    y, x = np.divmod(measurement.difference.changed, measurement.canvas_width)
    marked = np.zeros(-(-measurement.canvas_height // _BLOCK) * columns, np.bool_)
    marked[y // _BLOCK * columns + x // _BLOCK] = True
    rows, places = np.divmod(np.flatnonzero(marked), columns)
    return rows, places


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


def _luma(picture: Pixels, y: Indices, x: Indices) -> Values:
    """Of the blocks that begin there, shape (blocks, 64), 0 to 255."""
    side = np.arange(_BLOCK)
    pixels = picture[y[:, None, None] + side[:, None], x[:, None, None] + side]
    luma = (pixels & 255) * np.uint32(77) + (pixels >> 8 & 255) * np.uint32(150) + (pixels >> 16 & 255) * np.uint32(29)
    values: Values = np.asarray(luma.reshape(-1, _BLOCK * _BLOCK), np.float32)
    values *= np.float32(1 / 256)
    return values


def _block_similarity(one: Values, other: Values) -> Values:
    one_mean, other_mean = one.mean(axis=1), other.mean(axis=1)
    one, other = one - one_mean[:, None], other - other_mean[:, None]
    covariance, spread = (one * other).mean(axis=1), (one * one + other * other).mean(axis=1)
    brightness = (2 * one_mean * other_mean + _C1) / (one_mean**2 + other_mean**2 + _C1)
    structure = (2 * covariance + _C2) / (spread + _C2)
    similar: Values = np.asarray(brightness * structure, np.float32)
    return similar
