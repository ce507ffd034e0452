"""When an execution whose attempt failed is tried again, and how long that waits."""

from scene.domain.status import Reason

TRANSIENT = (
    Reason.NAVIGATION,
    Reason.TIMEOUT,
    Reason.CRASH,
    Reason.OUT_OF_MEMORY,
    Reason.ENGINE_UNAVAILABLE,
    Reason.WORKER_LOST,
    Reason.STORAGE,
    Reason.UNSTABLE,
)
"""Reasons that may be gone by the next attempt."""

RETRYABLE = (*TRANSIENT, Reason.STATUS, Reason.SCRIPT, Reason.SELECTOR, Reason.BLANK, Reason.BROWSER_UNAVAILABLE)
"""Reasons that a setting may count among them. Nothing is tried again that somebody stopped."""


def backoff_seconds(failed: int, base_seconds: float, most_seconds: float, chance: float) -> float:
    """How long the next attempt waits after so many failed ones: exponential, with full jitter.

    chance: evenly distributed from 0 to 1. Source: Marc Brooker, "Exponential Backoff And Jitter", 2015.
    """
    return chance * min(most_seconds, base_seconds * 2.0 ** min(failed - 1, 30))
