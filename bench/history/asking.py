"""How long an answer takes."""

import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles


def milliseconds(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1_000


def p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1]


def p50_and_p95(times: Sequence[float]) -> str:
    """Two cells of a table."""
    return f"{median(times):.1f} | {p95(times):.1f}"
