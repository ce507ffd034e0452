"""A whole list, however many slices it takes."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from scene.store.values import MAX_SLICE, Slice, SliceRequest

T = TypeVar("T")


def parts(ask: Callable[[SliceRequest], Slice[T]], size: int = MAX_SLICE) -> Iterator[list[T]]:
    """The items of one slice after the other, at most so many of each."""
    cursor = None
    while True:
        found = ask(SliceRequest(limit=size, cursor=cursor))
        yield found.items
        cursor = found.next_cursor
        if cursor is None:
            return


def every(ask: Callable[[SliceRequest], Slice[T]]) -> Iterator[T]:
    """One item after the other; the next slice is asked for when it is needed."""
    for part in parts(ask):
        yield from part
