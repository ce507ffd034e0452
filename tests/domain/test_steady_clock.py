"""The clock that leases and deadlines go by."""

from datetime import UTC, datetime, timedelta

import pytest

from scene.clock import SteadyClock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Machine:
    """A machine's two clocks, and the time that a SteadyClock makes of them."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.wrong_by = timedelta()
        self.steady = SteadyClock(self.wall, believed_after_seconds=600, monotonic=lambda: self.passed)

    def wall(self) -> datetime:
        return NOON + timedelta(seconds=self.passed) + self.wrong_by

    def after(self, seconds: float, wrong_by: timedelta = timedelta()) -> timedelta:
        """How far from the true time the clock is then."""
        self.passed += seconds
        self.wrong_by = wrong_by
        return self.steady() - (NOON + timedelta(seconds=self.passed))


@pytest.mark.parametrize("jump", [DAY, -DAY, timedelta(seconds=15), timedelta(seconds=-15)])
def test_a_jump_and_back_is_not_noticed(jump: timedelta) -> None:
    machine = Machine()
    off = [machine.after(5), machine.after(5, jump), machine.after(500, jump), machine.after(5), machine.after(3_000)]
    assert off == [timedelta()] * 5


def test_jumps_both_ways_are_not_noticed() -> None:
    machine = Machine()
    assert [machine.after(60, jump) for jump in (DAY, -DAY, DAY, timedelta())] == [timedelta()] * 4


@pytest.mark.parametrize("jump", [DAY, -DAY])
def test_a_jump_that_lasts_is_believed(jump: timedelta) -> None:
    machine = Machine()
    assert machine.after(5, jump) == timedelta()
    assert machine.after(599, jump) == timedelta()
    assert machine.after(2, jump) == jump
    assert machine.after(1, jump) == jump


def test_a_small_correction_is_followed_at_once() -> None:
    machine = Machine()
    assert machine.after(5, timedelta(seconds=1)) == timedelta(seconds=1)
    assert machine.after(5, timedelta(seconds=-0.5)) == timedelta(seconds=-0.5)
