"""Small previews of captured pictures."""

import io

import numpy as np
from PIL import Image

from scene.imaging.decode import decode_png
from scene.imaging.pixels import Pixels
from scene.imaging.png_file import read_png_file

MAX_WIDTH = 480
MAX_HEIGHT = 600
_QUALITY = 75
_METHOD = 2
"""WebP effort, 0 to 6: above this the files hardly shrink, but the time doubles."""


def make_webp_thumbnail(picture: bytes, label: str = "The picture") -> tuple[bytes, int, int]:
    """A lossy WebP file of a PNG picture, with its width and height in pixels.

    At most MAX_WIDTH wide, never enlarged; of a long page only the top, at most MAX_HEIGHT of the thumbnail's pixels.
    Raises PictureError when the picture cannot be read.
    """
    width = read_png_file(picture, label).width
    scale = min(1.0, MAX_WIDTH / width)
    pixels = decode_png(picture, label, max_rows=int(np.ceil(MAX_HEIGHT / scale)))
    size = (max(1, round(width * scale)), min(MAX_HEIGHT, max(1, round(pixels.shape[0] * scale))))
    small = _image(pixels).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    file = io.BytesIO()
    small.save(file, "WEBP", quality=_QUALITY, method=_METHOD)
    return file.getvalue(), *size


def _image(pixels: Pixels) -> Image.Image:
    height, width = pixels.shape
    return Image.frombuffer("RGB", (width, height), pixels, "raw", "RGBX", 0, 1)
