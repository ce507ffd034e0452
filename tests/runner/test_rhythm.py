"""What happens now and then is either seen to move or held back, whenever the picture is taken."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from threading import Event, Thread

import psutil
import pytest

from scene_runner.protocol import TargetJob
from tests.runner.conftest import Capture, in_both_browsers
from tests.runner.program import RunnerProgram

RED, BLUE = (255, 0, 0), (0, 0, 255)


@in_both_browsers
@pytest.mark.parametrize("path", ["/turns-every-second", "/turns-again-and-again"])
def test_what_turns_every_second_is_seen_to_move(capture: Capture, path: str) -> None:
    taken = capture(path).result.captures[0]
    assert (taken.unstable, taken.unstable_area and taken.unstable_area.width) == (True, 100)


def test_a_page_whose_timers_change_nothing_is_still(capture: Capture) -> None:
    assert not capture("/asks-every-second").result.captures[0].unstable


@in_both_browsers
def test_what_a_canvas_shows_now_and_then_is_seen_in_each_target(capture: Capture) -> None:
    targets = [TargetJob(f"element:{name}", "element", selector=f"#{name}") for name in ("words", "one", "two")]
    captured = capture("/ticks", targets=targets, stability_timeout_ms=2_000)
    assert [taken.unstable for taken in captured.result.captures] == [False, True, True]


@in_both_browsers
def test_what_turns_every_few_seconds_does_not_while_the_page_comes_to_rest(capture: Capture) -> None:
    waits = {"wait_until": "domcontentloaded", "settle_timeout_ms": 3_000, "allow_blank": True}
    assert capture("/turns-by-words", **waits).picture().getpixel((50, 50)) == RED
    assert capture("/turns-by-words", wait_before_capture_ms=500, **waits).picture().getpixel((50, 50)) == BLUE


@in_both_browsers
def test_a_page_that_sets_its_own_clock_and_timers_comes_to_rest(capture: Capture) -> None:
    captured = capture("/own-clock")
    assert captured.result.status == "finished", captured.result.message
    assert not captured.result.captures[0].unstable


def test_what_counts_late_on_a_busy_machine_is_seen_to_move(capture: Capture, runner: RunnerProgram) -> None:
    with halting(runner):
        waits = range(10, 500, 50)
        jobs = [capture("/counts", stability_timeout_ms=1_000, wait_before_capture_ms=wait) for wait in waits]
        taken = [job.result.captures[0] for job in jobs]
    assert [each.unstable for each in taken] == [True] * len(taken)


def test_a_page_on_a_busy_machine_is_still(capture: Capture, runner: RunnerProgram) -> None:
    with halting(runner):
        taken = [capture("/asks-every-second").result.captures[0] for _ in range(3)]
    assert [each.unstable for each in taken] == [False] * len(taken)


@contextmanager
def halting(runner: RunnerProgram) -> Iterator[None]:
    """The pages of a runner stand still again and again, as they do where others want the processor."""
    lengths = Random(11)
    done = Event()

    def halt() -> None:
        while not done.wait(lengths.uniform(0.05, 0.5)):
            renderers = runner.renderers()
            for act, seconds in ((psutil.Process.suspend, lengths.uniform(0.2, 0.7)), (psutil.Process.resume, 0)):
                for renderer in renderers:
                    with suppress(psutil.NoSuchProcess):
                        act(renderer)
                done.wait(seconds)

    thread = Thread(target=halt)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
