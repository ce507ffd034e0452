"""The inner loops as a compiled library (native/*.c), where there is one; called by way of ctypes, which lets go of the
interpreter's lock.

``LOOPS`` is None when nothing was compiled here: then numpy does the same work, and every answer is the same.
"""

import ctypes
import hashlib
from ctypes import c_char_p
from pathlib import Path

from scene.imaging.change_loops import ChangeLoops
from scene.imaging.picture_loops import PictureLoops

SOURCES = Path(__file__).with_name("native")
"""The folder of the C files and their header."""
LIBRARY = Path(__file__).with_name("_kernel.so")


class Loops(PictureLoops, ChangeLoops):
    """The functions of the library, with the sizes of all arrays checked before C sees them.

    All raise ValueError for arrays of another kind or size than they say: an error of the caller's.
    """

    def __init__(self, library: ctypes.CDLL) -> None:
        PictureLoops.__init__(self, library)
        ChangeLoops.__init__(self, library)


def source_digest() -> str:
    """Names the version of the sources that a library was made from."""
    digest = hashlib.sha256()
    for file in sorted(SOURCES.glob("*.[ch]")):
        digest.update(f"{file.name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def load() -> tuple[Loops | None, str]:
    """The library's functions, or None; and which kernel that means, with what to do, for people."""
    build = "compile it with `python -m scene.imaging.build`"
    if not LIBRARY.is_file():
        return None, f"by numpy, for nothing is compiled here: {build}"
    try:
        library = ctypes.CDLL(str(LIBRARY))
        library.scene_source.restype = c_char_p
        made_from = library.scene_source().decode()
    except (OSError, AttributeError) as error:
        return None, f"by numpy, for the compiled library cannot be used ({error}): {build}"
    if made_from != source_digest():
        return None, f"by numpy, for what is compiled is of another version: {build}"
    return Loops(library), f"compiled: {LIBRARY.name}"


LOOPS, STATE = load()
