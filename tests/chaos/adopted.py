"""Every process below this one: whose parent is killed becomes a child of this one, so that none escapes."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil

_PR_SET_CHILD_SUBREAPER = 36


@contextmanager
def adopting() -> Iterator[Callable[[], set[psutil.Process]]]:
    """The processes that came since; zombies aside."""
    before = _living()
    _adopt(wanted=True)
    try:
        yield lambda: _living() - before
    finally:
        _adopt(wanted=False)


def _adopt(*, wanted: bool) -> None:
    changed = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0)
    assert changed == 0, ctypes.get_errno()


def _living() -> set[psutil.Process]:
    return {each for each in psutil.Process().children(recursive=True) if lives(each)}


def lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False
