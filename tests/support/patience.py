"""Waiting for what comes by itself, and not for ever."""

import time
from collections.abc import Callable
from typing import Any


def until(reached: Callable[[], Any], seconds: float = 60) -> Any:
    """The first answer that is something; asks again until then."""
    deadline = time.monotonic() + seconds
    while not (found := reached()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found
