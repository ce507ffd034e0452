"""A bar for each run, oldest first: how large it is, what it means, and where it leads."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

_FEWEST_PLACES = 20
"""So that the bars of a few runs are no broader than those of many."""
_LEAST_HEIGHT = 3.0
"""What is not nothing can be seen."""


@dataclass(frozen=True)
class Point:
    """What is plotted of one run."""

    at: datetime
    url: str
    value: float | None
    """None where the run has none."""
    state: str
    """A verdict, or ``failed``: it gives the colour."""


@dataclass(frozen=True)
class Bar:
    x: float
    height: float
    """0 to 100."""
    state: str
    url: str
    label: str


@dataclass(frozen=True)
class Plot:
    title: str
    top: str
    """What the upper edge stands for; the lower one is 0."""
    width: int
    """Ten for each bar."""
    bars: list[Bar]
    first_at: datetime
    last_at: datetime

    @classmethod
    def of(
        cls,
        title: str,
        points: Sequence[Point],
        words: Callable[[float], str],
        highest: float = math.inf,
        smallest: float = 1,
    ) -> "Plot":
        """points: at least one. words: a value as a person reads it. The upper edge stands for a round number above
        every value, ``smallest`` at least and ``highest`` at most."""
        top = min(highest, _round_up(max(smallest, *(point.value or 0 for point in points))))
        bars = [
            Bar(10 * place + 1, _height(point.value, top), point.state, point.url, _label(point, words))
            for place, point in enumerate(points)
        ]
        width = 10 * max(len(points), _FEWEST_PLACES)
        return cls(title, _plain(words(top)), width, bars, points[0].at, points[-1].at)


def _height(value: float | None, top: float) -> float:
    """A run without a value has a stub."""
    return max(_LEAST_HEIGHT if value != 0 else 1, 100 * (value or 0) / top)


def _label(point: Point, words: Callable[[float], str]) -> str:
    state = point.state.replace("_", " ").capitalize()
    return state if point.value is None else f"{state}: {words(point.value)}"


def _plain(words: str) -> str:
    """A round number without its zeros: ``20 %`` of ``20.00 %``."""
    return re.sub(r"\.0+ ", " ", words)


def _round_up(value: float) -> float:
    """To 1, 2 or 5 times a power of ten."""
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9))
