"""Without ISA-L the standard library does the same work."""

import importlib.util
import sys
import zlib
from types import ModuleType

import numpy as np
import pytest

from scene.imaging import deflate


@pytest.fixture(params=["isal", "zlib"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A second copy of the module, so that the errors others caught by name stay the same classes."""
    if request.param == "zlib":
        monkeypatch.setitem(sys.modules, "isal", None)
    spec = importlib.util.spec_from_file_location("deflate_again", str(deflate.__file__))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_packed_is_unpacked(library: ModuleType) -> None:
    rows = np.arange(60, dtype=np.uint8).reshape(6, 10)
    assert zlib.decompress(library.compress(rows)) == rows.tobytes()
    stream = library.inflater()
    assert stream.decompress(library.compress(rows)) == rows.tobytes()
    assert stream.eof


def test_corrupt_data_is_the_error_it_names(library: ModuleType) -> None:
    with pytest.raises(library.InflateError):
        library.inflater().decompress(b"\x78\x01\xff\xff\xff\xff")


def test_checksums_continue(library: ModuleType) -> None:
    assert library.crc32(b"def", library.crc32(b"abc")) == zlib.crc32(b"abcdef")
