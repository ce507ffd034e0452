"""The zlib format, by ISA-L where there is a build of it (several times faster), else by the standard library."""

import zlib
from collections.abc import Callable
from typing import Any, Protocol, cast


class Inflater(Protocol):
    """The part of ``zlib.decompressobj`` that is used here."""

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes | memoryview, /) -> bytes: ...


inflater: Callable[[], Inflater]
crc32: Callable[..., int]
compress: Callable[[Any], bytes]
InflateError: type[Exception]

try:
    from isal import isal_zlib
except ImportError:
    inflater = zlib.decompressobj
    crc32 = zlib.crc32
    InflateError = zlib.error

    def compress(data: Any) -> bytes:
        """A zlib stream of any C-contiguous buffer, at the fastest level."""
        return zlib.compress(data, 1)
else:
    inflater = isal_zlib.decompressobj
    crc32 = isal_zlib.crc32
    InflateError = cast("type[Exception]", isal_zlib.error)

    def compress(data: Any) -> bytes:
        """A zlib stream of any C-contiguous buffer, at the fastest level that still matches repeats."""
        return isal_zlib.compress(data, level=1)
