"""When a delivery is tried again."""

from collections.abc import Callable, Sequence

LONGEST_SECONDS = 86_400
"""An endpoint that asks for more is asked again all the same."""
_JITTER_RATIO = 0.2


def seconds_until_next(
    schedule: Sequence[int], tried: int, retry_after_seconds: float, random: Callable[[], float]
) -> float | None:
    """After so many tries that failed; None when it is not tried again.

    schedule: seconds between one try and the next. retry_after_seconds: what the endpoint asked for; 0 when it did not.
    random: from 0 to 1, so that what failed together is not tried again together: each wait is up to a fifth longer.
    """
    if tried > len(schedule):
        return None
    wait = max(float(schedule[tried - 1]), min(retry_after_seconds, LONGEST_SECONDS))
    return wait * (1 + _JITTER_RATIO * random())
