"""Ctrl+C while a command waits."""

import contextlib
import signal

import pytest

from scene.cli.interrupt import interruptible


def test_it_ends_a_pause_at_once() -> None:
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(signal.SIGINT)


def test_one_that_was_swallowed_ends_the_next_pause() -> None:
    with interruptible() as pause:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            pause(60)


def test_afterwards_signals_are_as_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
