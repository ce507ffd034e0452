"""The heatmap: how much changed where, as a transparent overlay in the coordinates of the diff picture."""

import numpy as np
import numpy.typing as npt

from scene.imaging import compiled
from scene.imaging.encode import IndexedRaster, Palette
from scene.imaging.kernel import MAX_DELTA
from scene.imaging.measurement import Measurement
from scene.imaging.pixels import Indices
from scene.imaging.render import seam_box

_CELL = 4
"""Heat is gathered in cells of so many pixels square."""
_REACH = 2
"""Cells to each side over which heat spreads, twice."""
_MARGIN = 2 * _REACH
_HOTTEST = _CELL * _CELL * MAX_DELTA**0.5
"""A cell of which every pixel went from black to white."""
_GAIN = 1.5
_FAINTEST = 24
"""The lowest palette index that is drawn: a single changed pixel must be visible."""
_COLD = 0.5
"""Heat up to this stays transparent."""
_ONE_SIDED_HEAT = 0.04
"""Heat of areas that only one picture has, of _HOTTEST: visible, but not the centre of attention."""

Grid = npt.NDArray[np.float32]
Values = npt.NDArray[np.float64]


def _heat_palette() -> Palette:
    heat = np.linspace(0, 1, 256)
    channels = [np.clip(1.5 * heat + 0.4, 0, 1), np.clip(1.2 - 1.4 * heat, 0, 1), np.clip(0.25 - 0.5 * heat, 0, 1)]
    alpha = 60 + 195 * heat
    alpha[0] = 0
    return Palette((np.stack(channels, axis=1) * 255).astype(np.uint8).tobytes(), alpha.astype(np.uint8).tobytes())


_PALETTE = _heat_palette()


def draw_heatmap(measurement: Measurement) -> IndexedRaster:
    """From transparent over lime to red: the colour distances of the changed pixels, gathered and spread out.

    Only the rows that something changed in are worked on, however long the picture is.
    """
    raster = IndexedRaster(measurement.canvas_width, measurement.canvas_height)
    marked = [*measurement.added, *measurement.missing, *(seam_box(band, measurement) for band in measurement.seams)]
    positions, delta = measurement.difference.changed, measurement.difference.delta
    ends = [(box.y, box.y + box.height) for box in marked]
    rows = [int(position) // measurement.canvas_width for position in (*positions[:1], *positions[-1:])]
    ends += [(row, row + 1) for row in rows]
    if not ends:
        return raster
    first = max(0, min(top for top, _ in ends) // _CELL - _MARGIN)
    last = min(-(-measurement.canvas_height // _CELL), -(-max(bottom for _, bottom in ends) // _CELL) + _MARGIN)
    columns = -(-measurement.canvas_width // _CELL)
    gather = gather_heat if compiled.LOOPS is None else compiled.LOOPS.heat
    grid = gather(positions, delta, measurement.canvas_width, _CELL, first, columns, (last - first) * columns)
    heat = _spread(_spread(grid.reshape(-1, columns).astype(np.float32), 0), 1)
    for box in marked:
        tall = slice(box.y // _CELL - first, -(-(box.y + box.height) // _CELL) - first)
        area = heat[tall, box.x // _CELL : -(-(box.x + box.width) // _CELL)]
        np.maximum(area, _HOTTEST * _ONE_SIDED_HEAT, out=area)
    _paint(heat, raster.pixels[first * _CELL : last * _CELL])
    return raster


def gather_heat(
    positions: Indices, delta: Values, width: int, cell: int, first: int, columns: int, cells: int
) -> Values:
    """``Loops.heat`` by numpy."""
    y, x = np.divmod(positions, width)
    place = (y // cell - first) * columns + x // cell
    return np.asarray(np.bincount(place, weights=np.sqrt(delta), minlength=cells), np.float64)


def heatmap_png(raster: IndexedRaster) -> bytes:
    """The heatmap as a PNG file, transparent where nothing changed."""
    return raster.png(_PALETTE)


def _spread(grid: Grid, axis: int) -> Grid:
    """Two box blurs along one axis, nearly a bell curve."""
    size = grid.shape[axis]
    for _ in range(2):
        padding = [(0, 0), (0, 0)]
        padding[axis] = (_REACH, _REACH)
        padded = np.pad(grid, padding)
        grid = np.zeros_like(grid)
        for offset in range(2 * _REACH + 1):
            grid += padded[offset : offset + size] if axis == 0 else padded[:, offset : offset + size]
        grid /= 2 * _REACH + 1
    return grid


def _paint(heat: Grid, target: npt.NDArray[np.uint8]) -> None:
    """Palette indices of each cell, repeated over its pixels; ``target`` may cut the last cells short."""
    warm = heat > _COLD
    rows = np.flatnonzero(warm.any(axis=1))
    shade = np.clip(np.sqrt(heat[rows] / _HOTTEST) * 255 * _GAIN, _FAINTEST, 255)
    index = np.where(warm[rows], shade, 0).astype(np.uint8)
    wide = np.repeat(index, _CELL, axis=1)[:, : target.shape[1]]
    for offset in range(_CELL):
        pixel_rows = rows * _CELL + offset
        inside = pixel_rows < len(target)
        target[pixel_rows[inside]] = wide[inside]
