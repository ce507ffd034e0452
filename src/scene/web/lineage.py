"""Which baseline came of which, as a drawing: a lane for each line, the newest at the right."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scene.domain.baselines import Baseline

_STEP = 44
_LANE = 48
_LEFT = 24
_TOP = 34
_LETTER = 8
"""At most so broad is one of a line's name."""


@dataclass(frozen=True)
class Node:
    x: int
    y: int
    url: str
    label: str
    is_current: bool
    """The newest of its line."""
    is_pinned: bool


@dataclass(frozen=True)
class Edge:
    path: str
    """Of an SVG path, from the older one to the newer."""
    is_source: bool
    """The newer one was made of the older, and does not follow it."""


@dataclass(frozen=True)
class Lane:
    name: str
    x: int
    y: int


@dataclass(frozen=True)
class Lineage:
    width: int
    height: int
    nodes: list[Node]
    edges: list[Edge]
    lanes: list[Lane]

    @classmethod
    def of(cls, baselines: Sequence[Baseline], current: Collection[str], pinned: str | None) -> "Lineage":
        """baselines: newest first. What they came of is drawn as far as it is among them."""
        ordered = baselines[::-1]
        lines = sorted({each.line for each in ordered}, key=lambda line: (line != "main", _first(ordered, line)))
        places = {
            each.id: (_LEFT + _STEP * index, _TOP + _LANE * lines.index(each.line))
            for index, each in enumerate(ordered)
        }
        nodes = [
            Node(*places[each.id], f"/baselines/{each.id}", _label(each), each.id in current, each.id == pinned)
            for each in ordered
        ]
        edges = [
            Edge(_curve(*places[older], *places[each.id]), is_source)
            for each in ordered
            for older, is_source in ((each.parent_id, False), (each.source_id, True))
            if older in places
        ]
        lanes = [
            Lane(line, places[ordered[_first(ordered, line)].id][0], _TOP + _LANE * n) for n, line in enumerate(lines)
        ]
        width = max([_STEP * len(ordered), *(lane.x + _LETTER * len(lane.name) for lane in lanes)]) + _LEFT
        return cls(width, _TOP + _LANE * len(lines), nodes, edges, lanes)


def _first(ordered: Sequence[Baseline], line: str) -> int:
    return next(index for index, each in enumerate(ordered) if each.line == line)


def _label(baseline: Baseline) -> str:
    return f"{baseline.kind.capitalize()} of {baseline.created_at:%Y-%m-%d %H:%M} UTC by {baseline.created_by}"


def _curve(x1: int, y1: int, x2: int, y2: int) -> str:
    middle = (x1 + x2) // 2
    # Beside others on its lane, what was made of an older one goes around those between.
    bow = -22 if y1 == y2 and x2 - x1 > _STEP else 0
    return f"M{x1} {y1}C{middle} {y1 + bow} {middle} {y2 + bow} {x2} {y2}"
