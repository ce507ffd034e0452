"""The outside of a PNG file: its chunks and its header, checked before anything is decoded."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from scene.errors import PictureError
from scene.imaging.deflate import crc32

MAX_PIXELS = 1 << 28
"""268 million: 1 GiB decoded. A page of 1440 pixels may be 186,000 rows tall."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GRAY, RGB, PALETTE, GRAY_ALPHA, RGBA = 0, 2, 3, 4, 6
_DEPTHS = {GRAY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GRAY_ALPHA: (8, 16), RGBA: (8, 16)}


@dataclass(frozen=True)
class PngFile:
    """A file whose chunks are whole and whose checksums agree; its pixels are still compressed."""

    label: str
    """What a message calls this picture."""
    width: int
    height: int
    depth: int
    """Bits of one sample."""
    colour_type: int
    interlaced: bool
    palette: bytes | None
    transparency: bytes | None
    compressed: tuple[memoryview, ...]
    """The data of the IDAT chunks, in order."""

    def damaged(self, what: str) -> PictureError:
        """The error that says this picture cannot be decoded, and why."""
        return PictureError(f"{self.label} is a damaged PNG picture: {what}.")


def read_png_file(data: bytes, label: str) -> PngFile:
    """Take the file apart without decoding it.

    Metadata (text, colour profiles, times, animation frames) is left out: only what decides the pixels counts.
    Raises PictureError when the file is empty, no PNG, cut off, damaged, or has more than MAX_PIXELS pixels.
    """
    if not data:
        raise PictureError(f"{label} is empty: it has no bytes.")
    if not data.startswith(SIGNATURE):
        raise PictureError(f"{label} is not a PNG picture.")
    header: tuple[int, ...] | None = None
    palette = transparency = None
    compressed: list[memoryview] = []
    for kind, body in _chunks(memoryview(data), label):
        if header is None:
            header = _header(kind, body, label)
        elif kind == b"PLTE":
            palette = bytes(body)
        elif kind == b"tRNS":
            transparency = bytes(body)
        elif kind == b"IDAT":
            compressed.append(body)
    if header is None or not compressed:
        raise PictureError(f"{label} is a damaged PNG picture: it holds no pixels.")
    width, height, depth, colour_type, _, _, interlace = header
    return PngFile(label, width, height, depth, colour_type, interlace == 1, palette, transparency, tuple(compressed))


def _chunks(view: memoryview, label: str) -> Iterator[tuple[bytes, memoryview]]:
    """Type and data of each chunk before IEND; what follows IEND is no part of the picture."""
    position = len(SIGNATURE)
    while position + 12 <= len(view):
        length, kind = struct.unpack_from(">I4s", view, position)
        end = position + 12 + length
        if end > len(view):
            break
        (checksum,) = struct.unpack_from(">I", view, end - 4)
        if crc32(view[position + 4 : end - 4]) != checksum:
            raise PictureError(f"{label} is a damaged PNG picture: the checksum of its part {kind!r} is wrong.")
        if kind == b"IEND":
            return
        yield kind, view[position + 8 : end - 4]
        position = end
    raise PictureError(f"{label} is a damaged PNG picture: the file is cut off after {len(view)} bytes.")


def _header(kind: bytes, body: memoryview, label: str) -> tuple[int, ...]:
    if kind != b"IHDR" or len(body) != 13:
        raise PictureError(f"{label} is a damaged PNG picture: it does not begin with a header.")
    fields: tuple[int, ...] = struct.unpack(">IIBBBBB", body)
    width, height, depth, colour_type, compression, filtering, interlace = fields
    if not (0 < width < 1 << 31 and 0 < height < 1 << 31):
        raise PictureError(f"{label} is a damaged PNG picture: its size is {width} x {height} px.")
    if depth not in _DEPTHS.get(colour_type, ()) or compression or filtering or interlace > 1:
        raise PictureError(f"{label} is a damaged PNG picture: its header describes no known format.")
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"{label} is too large: {width} x {height} px is {width * height:,} pixels, the limit is {MAX_PIXELS:,}."
        )
    return fields


def chunk_parts(kind: bytes, body: bytes) -> list[bytes]:
    """Length, type, data and checksum of one PNG chunk; the data is not copied."""
    return [struct.pack(">I", len(body)), kind, body, struct.pack(">I", crc32(body, crc32(kind)))]
