"""Two things at once, in the order in which they were asked for."""

import threading

import pytest

from scene.imaging.threads import both, two_at_a_time


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


def test_pieces_come_in_order_and_hardly_more_are_worked_on_than_read() -> None:
    begun: list[int] = []

    def double(number: int) -> int:
        begun.append(number)
        return 2 * number

    found = two_at_a_time(double, range(100))
    assert [next(found) for _ in range(3)] == [0, 2, 4]
    assert len(begun) <= 4
    assert list(found) == [2 * number for number in range(3, 100)]
