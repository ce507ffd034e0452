"""Two things at once, for work that leaves the interpreter's lock alone: numpy on large arrays, zlib, Pillow."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")


def both(first: Callable[[], T], second: Callable[[], U]) -> tuple[T, U]:
    """What two calls give. Where both fail, the error of the first is raised."""
    with ThreadPoolExecutor(max_workers=1) as other:
        beside = other.submit(second)
        return first(), beside.result()
