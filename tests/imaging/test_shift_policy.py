"""A shift is a change, or is let pass up to so many rows; what differs beside it never is."""

import numpy as np
import pytest

from scene.domain.comparison import ComparisonStats
from scene.domain.options import ComparisonPolicy
from scene.domain.status import Verdict
from scene.imaging.compare import compare_pictures
from scene.imaging.explain import explain
from scene.imaging.pixels import Pixels
from tests.imaging.pictures import RED, page, plain, png

BEFORE = page(200, 400)
CHANGED, UNCHANGED = Verdict.CHANGED, Verdict.UNCHANGED


def ignoring(rows: int, **limits: float) -> ComparisonPolicy:
    return ComparisonPolicy(shift="ignore", max_shift_rows=rows, **limits)  # type: ignore[arg-type]


def with_banner(picture: Pixels, rows: int) -> Pixels:
    return np.vstack([picture[:100], plain(picture.shape[1], rows, RED), picture[100:]])


def compared(after: Pixels, policy: ComparisonPolicy) -> ComparisonStats:
    return compare_pictures(png(BEFORE), png(after), policy).stats


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [(ComparisonPolicy(), CHANGED), (ignoring(19), CHANGED), (ignoring(20), UNCHANGED), (ignoring(500), UNCHANGED)],
)
def test_a_pure_shift_is_a_change_unless_so_many_rows_are_ignored(policy: ComparisonPolicy, verdict: Verdict) -> None:
    found = compared(with_banner(BEFORE, 20), policy)
    assert (found.shift_rows, found.residual_pixels, found.shifted_pixels) == (20, 0, 20 * 200)
    assert found.verdict(policy) is verdict
    assert "20 rows inserted at y=100" in explain(found, policy)
    assert "nothing else differs" in explain(found, policy)


def test_removed_rows_count_like_inserted_ones() -> None:
    after = np.vstack([BEFORE[:100], BEFORE[110:300], plain(200, 10, RED), BEFORE[300:]])
    assert compared(after, ComparisonPolicy()).shift_rows == 0
    assert compared(after, ignoring(19)).verdict(ignoring(19)) is CHANGED
    assert compared(after, ignoring(20)).verdict(ignoring(20)) is UNCHANGED


def test_what_differs_beside_the_shift_is_judged_by_the_other_limits() -> None:
    after = with_banner(BEFORE, 20)
    after[300:303, 10:20] = RED
    found = compared(after, ignoring(20))
    assert 0 < found.residual_pixels <= 30
    assert found.verdict(ignoring(20)) is CHANGED
    assert found.verdict(ignoring(20, max_changed_pixels=30)) is UNCHANGED
    assert found.verdict(ComparisonPolicy(max_changed_pixels=30)) is CHANGED
    assert f"{found.residual_pixels} px, " in explain(found, ignoring(20))


def test_a_page_that_is_only_taller_is_a_shift_too() -> None:
    after = np.vstack([BEFORE, plain(200, 8, RED)])
    assert compared(after, ignoring(7)).verdict(ignoring(7)) is CHANGED
    assert compared(after, ignoring(8)).verdict(ignoring(8)) is UNCHANGED


def test_another_width_is_no_shift() -> None:
    wider = np.hstack([np.vstack([BEFORE, plain(200, 8, RED)]), plain(1, 408)])
    found = compared(wider, ignoring(500))
    assert (found.shifted_pixels, found.verdict(ignoring(500))) == (0, CHANGED)
