"""Pictures for tests: made, encoded, and drawn at random by hypothesis."""

import io
import struct
import zlib

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from scene.imaging.pixels import Pixels

WHITE, BLACK, RED, BLUE = 0xFFFFFF, 0x000000, 0x0000FF, 0xFF0000


def plain(width: int, height: int, colour: int = WHITE) -> Pixels:
    return np.full((height, width), colour, np.uint32)


def page(width: int, height: int, seed: int = 1) -> Pixels:
    """Something like a page: white, with words in rows; no two rows of text are alike."""
    random = np.random.default_rng(seed)
    picture = plain(width, height)
    for top in range(4, height - 8, 16):
        word = random.random((8, width)) < 0.4
        picture[top : top + 8][word] = random.integers(0, 1 << 24)
    return picture


def channels(picture: Pixels) -> np.ndarray:
    """Shape (height, width, 3), red first."""
    return np.stack([picture & 255, picture >> 8 & 255, picture >> 16 & 255], axis=2).astype(np.uint8)


def from_image(image: Image.Image) -> Pixels:
    """What a picture looks like on white paper, by Pillow alone."""
    rgba = image.convert("RGBA")
    paper = Image.new("RGBA", rgba.size, "white")
    flat = np.asarray(Image.alpha_composite(paper, rgba)).astype(np.uint32)
    return flat[..., 0] | flat[..., 1] << 8 | flat[..., 2] << 16


def png(picture: Pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(channels(picture)).save(file, "PNG")
    return file.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def up_filtered_png(samples: np.ndarray, filters: int = 2) -> bytes:
    """The kind of file Chromium writes for speed: ``samples`` of shape (height, width, 3 or 4), every row filter Up."""
    height, width, count = samples.shape
    flat = samples.reshape(height, width * count)
    above = np.vstack([np.zeros((1, width * count), np.uint8), flat[:-1]])
    rows = np.hstack([np.full((height, 1), filters, np.uint8), flat - above])
    header = struct.pack(">IIBBBBB", width, height, 8, {3: 2, 4: 6}[count], 0, 0, 0)
    data = zlib.compress(rows.tobytes(), 1)
    middle = len(data) // 2  # Chromium splits the data into several chunks
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", data[:middle]), chunk(b"IDAT", data[middle:]), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


FEW_COLOURS = st.sampled_from([WHITE, WHITE, WHITE, BLACK, 0x808080, 0xC0C0C0, 0xF0F0F0, 0x404040, RED, 0x0010F0])


def pictures(width: int, height: int) -> st.SearchStrategy[Pixels]:
    """Few colours, so that equal neighbours, slopes and edges all occur."""
    return arrays(np.uint32, (height, width), elements=FEW_COLOURS)


@st.composite
def pairs(draw: st.DrawFn, largest: int = 12) -> tuple[Pixels, Pixels]:
    """Two pictures of one size that share most of their pixels."""
    width, height = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    before = draw(pictures(width, height))
    after = before.copy()
    spots = st.tuples(st.integers(0, height - 1), st.integers(0, width - 1), FEW_COLOURS)
    for y, x, colour in draw(st.lists(spots, max_size=25)):
        after[y, x] = colour
    return before, after
