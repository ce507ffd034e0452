"""Pages that nobody changed are never changed, and never unstable; what really moves is never called unchanged."""

import hashlib
from typing import Any

import pytest

from scene.domain.options import ComparisonPolicy
from scene.domain.status import Verdict
from scene.domain.verdict import of_moving
from scene.imaging.compare import compare_pictures
from scene.imaging.decode import decode_png
from scene_runner.protocol import TargetJob
from tests.corpus.conftest import CaptureAll
from tests.corpus.pages import RANDOM, STILL
from tests.runner.program import Captured

REPEATS = 20
POLICY = ComparisonPolicy()


def picture(captured: Captured) -> bytes:
    assert captured.result.status == "finished", captured.result.message
    return captured.path(captured.result.captures[0].file).read_bytes()


def verdict(baseline: bytes, captured: Captured) -> Verdict | None:
    found = compare_pictures(baseline, picture(captured), POLICY).stats.verdict(POLICY)
    return of_moving(found) if captured.result.captures[0].unstable else found


def repeats(baseline: bytes, **options: Any) -> list[dict[str, Any]]:
    """Half of them know the baseline's digest, as the server tells it; the others take two frames, as a change does."""
    known = TargetJob("full", "full", known={"full": hashlib.sha256(baseline).hexdigest()})
    unknown = TargetJob("full", "full")
    return [{"targets": [(known, unknown)[number % 2]], **options} for number in range(REPEATS)]


@pytest.mark.parametrize("name", STILL)
def test_a_page_that_nobody_changed(capture_all: CaptureAll, name: str) -> None:
    (first,) = capture_all(name, [{}])
    baseline = picture(first)
    captures = [first, *capture_all(name, repeats(baseline))]
    unstable = sum(each.result.captures[0].unstable for each in captures)
    verdicts = [verdict(baseline, each) for each in captures[1:]]
    equal = sum(each.sha256 == first.sha256 for each in captures[1:])
    took = sum(each.result.duration_ms for each in captures) / len(captures)
    print(f"\n{name}: {len(captures)} captures of {took:.0f} ms, {equal} equal byte by byte, {unstable} unstable")
    assert (verdicts.count(Verdict.UNCHANGED), unstable) == (REPEATS, 0)


@pytest.mark.parametrize("name", RANDOM)
def test_a_page_that_never_stands_still(capture_all: CaptureAll, name: str) -> None:
    (first,) = capture_all(name, [{"stability_timeout_ms": 1_000}])
    baseline = picture(first)
    captures = [first, *capture_all(name, repeats(baseline, stability_timeout_ms=1_000))]
    verdicts = [verdict(baseline, each) for each in captures[1:]]
    print(f"\n{name}: {len(captures)} captures")
    assert all(each.result.captures[0].unstable for each in captures)
    assert all(each.result.captures[0].unstable_area for each in captures)
    assert Verdict.UNCHANGED not in verdicts


def test_a_film_that_the_page_starts_while_it_is_rewound_shows_its_first_picture(capture_all: CaptureAll) -> None:
    script = "let heard = 0; started.addEventListener('loadstart', () => { if (!heard++) started.play() })"
    (captured,) = capture_all("video", [{"task_js": script}])
    pixels = decode_png(picture(captured))
    assert pixels[64, 256 + 64] == pixels[64, 64], "the third film on the page, and the first: the same film"
    assert not captured.result.captures[0].unstable
