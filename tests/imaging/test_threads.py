"""Two things at once, in the order in which they were asked for."""

import threading

import pytest

from scene.imaging.threads import both


def test_both_work_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=10)

    def meet(answer: str) -> str:
        meeting.wait()
        return answer

    assert both(lambda: meet("first"), lambda: meet("second")) == ("first", "second")


def _fail(word: str) -> None:
    raise ValueError(word)


def test_the_first_error_is_raised() -> None:
    with pytest.raises(ValueError, match="one"):
        both(lambda: _fail("one"), lambda: _fail("two"))
    with pytest.raises(ValueError, match="two"):
        both(lambda: None, lambda: _fail("two"))
