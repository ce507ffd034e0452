"""Whatever is changed at random is found, and its box is where the document says that it is."""

import json
import os
import random

from scene.domain.comparison import Box, ComparisonStats
from scene.domain.options import ComparisonPolicy
from scene.domain.status import Verdict
from scene.imaging.compare import compare_pictures
from tests.corpus.conftest import CaptureAll
from tests.corpus.mutations import KINDS, script
from tests.runner.program import Captured

SEED = int(os.environ["SCENE_CORPUS_SEED"])
"""Chosen, and printed at the head of every test run, by the conftest of all tests."""
PAGES = ("plain", "sticky", "inner", "carousel", "gifs")
POLICY = ComparisonPolicy()
SLACK = 2
"""How many pixels a box may reach beyond the rectangle: what moved by one, and an edge that is anti-aliased."""
INK = {"word": (0.1, 0.3), "icon": (0.1, 0.1)}
"""What share of a rectangle's width and height, at each side, may be empty: letters do not fill their line."""


def rectangle(captured: Captured) -> list[float]:
    """Of the mutated element, as the document told it last."""
    lines = [json.loads(line)["text"] for line in captured.path("console.jsonl").read_text().splitlines()]
    told = [line.removeprefix("mutated ") for line in lines if line.startswith("mutated ")]
    found: list[float] = json.loads(told[-1])
    return found


def is_right(kind: str, rect: list[float], box: Box) -> bool:
    """Whether the box covers the rectangle, but for the ink it lacks, and reaches no further than SLACK beyond it."""
    x, y, width, height = rect
    across, along = (share * size + 1 for share, size in zip(INK.get(kind, (0, 0)), (width, height), strict=True))
    covers = box.x <= x + across and box.x + box.width >= x + width - across
    covers = covers and box.y <= y + along and box.y + box.height >= y + height - along
    within = box.x >= x - SLACK and box.x + box.width <= x + width + SLACK
    return covers and within and box.y >= y - SLACK and box.y + box.height <= y + height + SLACK


def found_box(kind: str, rect: list[float], stats: ComparisonStats) -> Box | None:
    """The box that is reported: around all that changed, or of a banner, which moves the rest, the band inserted."""
    if kind != "banner":
        return stats.bounding_box
    bands = [band for band in stats.shift_bands if band.kind == "inserted"]
    if not bands:
        return None
    band = max(bands, key=lambda band: band.rows)
    # A band is of the columns that moved, which may have been more than the banner's.
    return Box(x=round(rect[0]), y=band.observed_y, width=round(rect[2]), height=band.rows)


def test_every_change_is_found_where_it_is(capture_all: CaptureAll) -> None:
    chance = random.Random(SEED)
    chosen = [(kind, name, chance.random()) for kind in KINDS for name in chance.sample(PAGES, 2)]
    missed: list[object] = []
    for name in PAGES:
        here = [each for each in chosen if each[1] == name]
        baseline, *mutated = capture_all(name, [{}, *({"task_js": script(kind, place)} for kind, _, place in here)])
        before = baseline.path("picture-1.png").read_bytes()
        for (kind, _, place), captured in zip(here, mutated, strict=True):
            assert captured.result.status == "finished", captured.result.message
            stats = compare_pictures(before, captured.path("picture-1.png").read_bytes(), POLICY).stats
            rect = rectangle(captured)
            around = found_box(kind, rect, stats)
            is_found = stats.verdict(POLICY) is Verdict.CHANGED and around and is_right(kind, rect, around)
            if not is_found or captured.result.captures[0].unstable:
                missed.append((kind, name, place, rect, around, captured.result.captures[0].unstable))
    print(f"{len(chosen)} mutations, {len(missed)} missed")
    assert missed == []
