"""PNG files to pixels."""

import io
import struct
import sys
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from scene.errors import PictureError
from scene.imaging import compiled
from scene.imaging.deflate import InflateError, inflater
from scene.imaging.pixels import COLOUR_MASK, Pixels, flatten_on_white
from scene.imaging.png_file import GRAY, PALETTE, RGB, RGBA, SIGNATURE, PngFile, chunk_parts, read_png_file

if sys.byteorder != "little":
    raise ImportError("Scene's picture code needs a little-endian processor.")

_UP = 2
"""The PNG filter that stores each byte as its difference from the byte above."""
_SLICE_BYTES = 1 << 15
_SCRATCH_BYTES = 1 << 17


def decode_png(data: bytes, label: str = "The picture", max_rows: int | None = None) -> Pixels:
    """Decode a PNG file of any kind to opaque pixels.

    Transparent pictures are flattened on white; 16-bit samples keep their upper 8 bits; colour profiles are ignored.
    With ``max_rows``, only that many rows from the top are returned.
    Raises PictureError, whose sentence begins with ``label``, for a file that is no whole PNG of a permitted size.
    """
    png = read_png_file(data, label)
    rows = png.height if max_rows is None else min(png.height, max_rows)
    pixels = _decode_plain(png, rows)
    return _decode_by_pillow(png)[:rows] if pixels is None else pixels


def _decode_plain(png: PngFile, rows: int) -> Pixels | None:
    """Decode 8-bit RGB or RGBA, several times faster than a general decoder.

    None when the file is of another kind, or, where nothing is compiled, not what Chromium writes with
    optimizeForSpeed: every row with filter Up. A damaged file with other filters is left to Pillow, too, so that the
    answer does not depend on what is compiled.
    """
    if png.depth != 8 or png.colour_type not in (RGB, RGBA) or png.interlaced or png.transparency is not None:
        return None
    row_bytes = png.width * (3 if png.colour_type == RGB else 4)
    pixels = np.empty((rows, png.width), np.uint32)
    undo = _UpFilter(row_bytes).undo if compiled.LOOPS is None else compiled.LOOPS.undo_filters
    above = np.zeros(row_bytes, np.uint8)
    only_up = True
    y = 0
    try:
        for filtered in _inflated_rows(png, row_bytes + 1):
            only_up = only_up and bool((filtered[:, 0] == _UP).all())
            wanted = min(len(filtered), rows - y)
            if undo(filtered[:wanted], above, pixels[y : y + wanted]) < wanted:
                return None
            y += wanted
            if y == rows < png.height:
                break
        if y < rows:
            raise png.damaged(f"it has {y} of {png.height} rows")
    except PictureError:
        if only_up:
            raise
        return None
    return pixels


class _UpFilter:
    """``Loops.undo_filters`` by numpy, for no filter but Up.

    Undoing Up is one vector addition for each row (``np.add.accumulate`` would be ten times slower), in blocks that
    stay in cache.
    """

    def __init__(self, row_bytes: int) -> None:
        self._scratch = np.empty((max(1, _SCRATCH_BYTES // row_bytes), row_bytes), np.uint8)

    def undo(self, coded: npt.NDArray[np.uint8], above: npt.NDArray[np.uint8], pixels: Pixels) -> int:
        if (coded[:, 0] != _UP).any():
            return -1
        for top in range(0, len(coded), len(self._scratch)):
            block = coded[top : top + len(self._scratch), 1:]
            plain = self._scratch[: len(block)]
            _undo_up(block, above, plain)
            above[:] = plain[-1]
            _pack(plain, pixels[top : top + len(block)])
        return len(coded)


def _inflated_rows(png: PngFile, stride: int) -> Iterator[npt.NDArray[np.uint8]]:
    """The decompressed rows, filter byte first, in blocks of shape (n, stride).

    A slice of input at a time, so that neither a long page nor a malicious file needs memory for all of it at once.
    A row that two slices share is a block of its own, so that the others need no copying.
    """
    compressed = b"".join(png.compressed)
    stream = inflater()
    begun = b""
    for start in range(0, len(compressed), _SLICE_BYTES):
        try:
            plain = stream.decompress(compressed[start : start + _SLICE_BYTES])
        except InflateError:
            raise png.damaged("its compressed data is corrupt") from None
        missing = (stride - len(begun)) % stride
        if len(plain) < missing:
            begun += plain
        else:
            if missing:
                yield np.frombuffer(begun + plain[:missing], np.uint8).reshape(1, stride)
            whole = (len(plain) - missing) // stride
            if whole:
                yield np.frombuffer(plain, np.uint8, whole * stride, missing).reshape(whole, stride)
            begun = plain[missing + whole * stride :]
        if stream.eof:
            return
    raise png.damaged("its compressed data ends early")


def _undo_up(coded: npt.NDArray[np.uint8], above: npt.NDArray[np.uint8], plain: npt.NDArray[np.uint8]) -> None:
    for source, target in zip(coded, plain, strict=True):
        np.add(above, source, target)
        above = target


def _pack(plain: npt.NDArray[np.uint8], pixels: Pixels) -> None:
    """Rows of RGB or RGBA bytes to 0x00BBGGRR, both C-contiguous.

    RGB is read as overlapping 4-byte words that begin 3 bytes apart, several times faster than copying channels.
    """
    if plain.shape[1] == pixels.shape[1] * 4:
        pixels[:] = flatten_on_white(plain.view(np.uint32))
        return
    flat = pixels.reshape(-1)
    words = np.ndarray((flat.size - 1,), "<u4", plain, strides=(3,))
    np.bitwise_and(words, COLOUR_MASK, out=flat[:-1])
    red, green, blue = plain.reshape(-1)[-3:].tolist()
    flat[-1] = red | green << 8 | blue << 16


def _decode_by_pillow(png: PngFile) -> Pixels:
    """Decode any other PNG. Pillow's own limit on pixels is not consulted: ours was, and gives a clearer answer."""
    try:
        with PngImageFile(io.BytesIO(_essential_file(png))) as image:
            image.load()
            return _pixels_of(image)
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, OverflowError, struct.error) as error:
        # Pillow reports broken files by all of these.
        raise PictureError(f"{png.label} is a damaged PNG picture: {error}.") from None


def _essential_file(png: PngFile) -> bytes:
    """The picture as a PNG file without metadata, so that nothing but pixels can make decoding fail.

    Colour keys of 16-bit pictures go too, because Pillow holds those pictures in 8 bits and cannot apply them.
    """
    header = struct.pack(
        ">IIBBBBB", png.width, png.height, png.depth, png.colour_type, 0, 0, 1 if png.interlaced else 0
    )
    parts = [SIGNATURE, *chunk_parts(b"IHDR", header)]
    if png.palette is not None and png.colour_type == PALETTE:
        parts += chunk_parts(b"PLTE", png.palette)
    if png.transparency is not None and png.depth < 16 and png.colour_type in (GRAY, RGB, PALETTE):
        parts += chunk_parts(b"tRNS", png.transparency)
    parts += [*chunk_parts(b"IDAT", b"".join(png.compressed)), *chunk_parts(b"IEND", b"")]
    return b"".join(parts)


def _pixels_of(image: Image.Image) -> Pixels:
    if image.mode.startswith("I"):  # 16-bit gray
        gray = (np.asarray(image) >> 8).astype(np.uint32)
        return gray * np.uint32(0x010101)
    if image.mode == "RGB" and "transparency" not in image.info:
        packed = np.frombuffer(image.tobytes("raw", "RGBX"), np.uint32)
        return (packed & COLOUR_MASK).reshape(image.height, image.width)
    rgba = image if image.mode == "RGBA" else image.convert("RGBA")
    return flatten_on_white(np.frombuffer(rgba.tobytes(), np.uint32).reshape(image.height, image.width))
