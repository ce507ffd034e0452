"""Ctrl+C that is never lost: Python drops an exception that a signal raises inside a destructor or a callback."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""The exit code of a command that a person ended."""


@contextmanager
def interruptible() -> Iterator[Callable[[float], None]]:
    """Within it KeyboardInterrupt is raised by Ctrl+C at once, or else by the next of the pauses that it gives."""
    asked = False

    def on_signal(_: int, __: FrameType | None) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    def pause(seconds: float) -> None:
        if asked:
            raise KeyboardInterrupt
        time.sleep(seconds)

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        yield pause
    finally:
        signal.signal(signal.SIGINT, before)
