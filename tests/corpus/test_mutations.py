"""Whatever is changed at random is found, and its box is where the document says that it is."""

import json
import os
import random

from scene.domain.comparison import Box
from scene.domain.options import ComparisonPolicy
from scene.domain.status import Verdict
from scene.imaging.compare import compare_pictures
from tests.corpus.conftest import CaptureAll
from tests.corpus.mutations import KINDS, script
from tests.runner.program import Captured

SEED = int(os.environ.get("SCENE_CORPUS_SEED") or random.SystemRandom().randrange(1_000_000))
PAGES = ("plain", "sticky", "inner", "carousel", "gifs")
POLICY = ComparisonPolicy()
INK = {"word": (0.1, 0.3), "icon": (0.1, 0.1)}
"""What share of a rectangle's width and height, at each side, may be empty: letters do not fill their line."""


def rectangle(captured: Captured) -> list[float]:
    """Of the mutated element, as the document told it last."""
    lines = [json.loads(line)["text"] for line in captured.path("console.jsonl").read_text().splitlines()]
    told = [line.removeprefix("mutated ") for line in lines if line.startswith("mutated ")]
    found: list[float] = json.loads(told[-1])
    return found


def is_covered(kind: str, rect: list[float], box: Box) -> bool:
    """Whether the box covers the rectangle, and is no larger than what moved along with it."""
    x, y, width, height = rect
    across, along = (share * size + 1 for share, size in zip(INK.get(kind, (0, 0)), (width, height), strict=True))
    covers = box.x <= x + across and box.x + box.width >= x + width - across
    return covers and box.y <= y + along and box.y + box.height >= y + height - along


def test_every_change_is_found_where_it_is(capture_all: CaptureAll) -> None:
    print(f"\nSCENE_CORPUS_SEED={SEED}")
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
            around = stats.bounding_box
            is_found = stats.verdict(POLICY) is Verdict.CHANGED and around and is_covered(kind, rect, around)
            if not is_found or captured.result.captures[0].unstable:
                missed.append((kind, name, place, rect, around, captured.result.captures[0].unstable))
    print(f"{len(chosen)} mutations, {len(missed)} missed")
    assert missed == []
