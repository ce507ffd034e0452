"""Palette pictures survive being written."""

import io

import numpy as np
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from scene.imaging.decode import decode_png
from scene.imaging.encode import IndexedRaster, Palette

COLOURS = bytes(range(256)) * 3


@settings(max_examples=50, deadline=None)
@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_indices_come_back_as_the_colours_of_the_palette(indices: np.ndarray) -> None:
    raster = IndexedRaster(indices.shape[1], indices.shape[0])
    raster.pixels[:] = indices
    file = raster.png(Palette(COLOURS))
    image = Image.open(io.BytesIO(file))
    assert image.mode == "P"
    assert np.array_equal(np.asarray(image), indices)
    table = np.frombuffer(COLOURS, np.uint8).reshape(-1, 3).astype(np.uint32)
    expected = (table[:, 0] | table[:, 1] << 8 | table[:, 2] << 16)[indices]
    assert np.array_equal(decode_png(file), expected)


def test_alpha_belongs_to_the_first_colours() -> None:
    raster = IndexedRaster(2, 1)
    raster.pixels[0] = [0, 1]
    image = Image.open(io.BytesIO(raster.png(Palette(b"\1\2\3\4\5\6", alpha=b"\0")))).convert("RGBA")
    assert [image.getpixel((x, 0)) for x in (0, 1)] == [(1, 2, 3, 0), (4, 5, 6, 255)]


def test_single_pixels_are_put_by_position() -> None:
    raster = IndexedRaster(3, 2)
    raster.put(np.array([1, 5]), 9)
    assert raster.pixels.tolist() == [[0, 9, 0], [0, 0, 9]]
