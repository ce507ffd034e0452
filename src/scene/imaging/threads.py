"""Two things at once, for work that leaves the interpreter's lock alone: numpy on large arrays, zlib, Pillow."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")
U = TypeVar("U")


def both(first: Callable[[], T], second: Callable[[], U]) -> tuple[T, U]:
    """What two calls give. Where both fail, the error of the first is raised."""
    with ThreadPoolExecutor(max_workers=1) as other:
        beside = other.submit(second)
        return first(), beside.result()


def two_at_a_time(work: Callable[[A], T], pieces: Iterable[A]) -> Iterator[T]:
    """``map``, of which two pieces are worked on at once; at most one of them in vain where the reader stops."""
    remaining = iter(pieces)
    with ThreadPoolExecutor(max_workers=1) as other:
        while pair := list(islice(remaining, 2)):
            beside = [other.submit(work, piece) for piece in pair[1:]]
            yield work(pair[0])
            yield from (each.result() for each in beside)
