"""Columns that moved by themselves: found where they are, told where they are, and only when that explains more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scene.domain.comparison import ComparisonStats
from scene.domain.options import ComparisonPolicy
from scene.imaging import measure as measuring
from scene.imaging.align import Segment
from scene.imaging.compare import ComparisonResult, compare_pictures
from scene.imaging.decode import decode_png
from scene.imaging.explain import explain
from scene.imaging.pixels import Pixels
from scene.imaging.shifted import Strip
from tests.imaging.pictures import BLACK, RED, page, plain, png
from tests.imaging.test_compare import assert_consistent

pytestmark = pytest.mark.usefixtures("loops")

LEFT, RIGHT = page(320, 640, seed=1), page(480, 640, seed=2)
BEFORE = np.hstack([LEFT, RIGHT])


def inserted(column: Pixels, at: int, rows: int) -> Pixels:
    """With a red band at a height; what it pushes out at the bottom is gone."""
    return np.vstack([column[:at], plain(column.shape[1], rows, RED), column[at:]])[: len(column)]


def compared(after: Pixels, before: Pixels = BEFORE) -> ComparisonResult:
    return compare_pictures(png(before), png(after), ComparisonPolicy())


def stats(after: Pixels, before: Pixels = BEFORE) -> ComparisonStats:
    return compared(after, before).stats


def without_strips(after: Pixels, monkeypatch: pytest.MonkeyPatch) -> ComparisonStats:
    with monkeypatch.context() as patched:
        patched.setattr(measuring, "align_strips", lambda *_: None)
        return stats(after)


@pytest.mark.parametrize(("x", "width", "columns"), [(0, 320, "0 to 319"), (320, 480, "320 to 799")])
def test_an_insertion_in_one_column_is_a_band_of_that_column(x: int, width: int, columns: str) -> None:
    after = BEFORE.copy()
    after[:, x : x + width] = inserted(BEFORE[:, x : x + width], 100, 40)
    found = stats(after)
    assert [(band.kind, band.observed_y, band.rows, band.x, band.width) for band in found.shift_bands] == [
        ("inserted", 100, 40, x, width)
    ]
    assert (found.changed_pixels, found.residual_pixels) == (40 * width, 0)
    assert (found.shift_rows, found.clipped_rows, found.height) == (40, 40, 640)
    assert [(region.x, region.y, region.width, region.height) for region in found.regions] == [(x, 100, width, 40)]
    assert f"40 rows inserted at y=100 in columns {columns}" in explain(found)


def test_without_strips_it_would_be_most_of_the_column(monkeypatch: pytest.MonkeyPatch) -> None:
    after = np.hstack([inserted(LEFT, 100, 40), RIGHT])
    assert stats(after).changed_pixels * 2 < without_strips(after, monkeypatch).changed_pixels


def test_columns_that_moved_by_different_amounts_are_bands_of_their_own() -> None:
    found = stats(np.hstack([inserted(LEFT, 100, 40), inserted(RIGHT, 300, 24)]))
    assert [(band.observed_y, band.rows, band.x, band.width) for band in found.shift_bands] == [
        (100, 40, 0, 320),
        (300, 24, 320, 480),
    ]
    assert (found.residual_pixels, found.shift_rows, found.clipped_rows) == (0, 40, 40)


def test_a_longer_column_beside_one_that_only_ends_later() -> None:
    """Of a page that grew: the left column moved down, the right one is followed by more paper."""
    longer = np.vstack([LEFT[:100], plain(320, 40, RED), LEFT[100:]])
    found = stats(np.hstack([longer, np.vstack([RIGHT, plain(480, 40)])]))
    assert {(band.kind, band.x, band.width) for band in found.shift_bands} == {
        ("inserted", 0, 320),
        ("inserted", 320, 480),
    }
    assert (found.changed_pixels, found.residual_pixels, found.height) == (40 * 800, 0, 680)


def test_a_removal_from_one_column_is_a_seam_in_that_column() -> None:
    after = np.hstack([np.vstack([LEFT[:100], LEFT[116:], plain(320, 16)]), RIGHT])
    result = compared(after)
    removed = [band for band in result.stats.shift_bands if band.kind == "removed"]
    assert [(band.baseline_y, band.rows, band.x, band.width) for band in removed] == [(100, 16, 0, 320)]
    assert result.diff_png
    drawn = decode_png(result.diff_png)
    assert (drawn[99:101, :320] == drawn[99, 0]).all()
    assert drawn[99, 0] not in drawn[99:101, 320:]


def test_what_changed_beside_the_shift_is_a_region_in_its_place() -> None:
    after = np.hstack([inserted(LEFT, 100, 40), RIGHT])
    after[400:410, 50:70] = after[500:510, 600:630] = 0x00FF00
    found = stats(after)
    places = {(region.x, region.y, region.width, region.height) for region in found.regions}
    assert places == {(0, 100, 320, 40), (50, 400, 20, 10), (600, 500, 30, 10)}
    assert found.residual_pixels <= 20 * 10 + 30 * 10


def test_the_same_insertion_in_a_column_has_one_fingerprint() -> None:
    other = np.hstack([page(320, 640, seed=3), page(480, 640, seed=4)])
    found = stats(np.hstack([inserted(LEFT, 100, 40), RIGHT]))
    elsewhere = stats(np.hstack([inserted(other[:, :320], 212, 40), other[:, 320:]]), other)
    assert found.change_fingerprint == elsewhere.change_fingerprint


def test_a_banner_above_both_columns_is_one_band_of_whole_rows() -> None:
    found = stats(inserted(BEFORE, 0, 30))
    assert [(band.rows, band.width) for band in found.shift_bands] == [(30, None)]


def test_strips_that_cost_more_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is proposed, pixels decide."""
    after = inserted(BEFORE, 0, 30)
    expected = stats(after)
    worse = (Segment("replaced", 0, 0, 640),)
    halves = [Strip(0, 400, worse), Strip(400, 400, worse)]
    monkeypatch.setattr(measuring, "look_moved", lambda *_: True)
    monkeypatch.setattr(measuring, "_STRIPS_ABOVE_RATIO", -1)
    monkeypatch.setattr(measuring, "align_strips", lambda *_: halves)
    assert stats(after).model_dump(exclude={"durations_ms"}) == expected.model_dump(exclude={"durations_ms"})


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 500), st.integers(1, 80), st.integers(0, 500), st.integers(0, 80), st.booleans())
def test_the_numbers_agree_when_columns_move(at: int, rows: int, other_at: int, other: int, cut: bool) -> None:
    left = np.vstack([LEFT[:at], plain(320, rows, RED), LEFT[at:]])
    right = np.vstack([RIGHT[:other_at], plain(480, other, BLACK), RIGHT[other_at:]])
    height = max(len(left), len(right))
    after = np.hstack([np.vstack([side, plain(side.shape[1], height - len(side))]) for side in (left, right)])
    result = compared(after[:640] if cut else after)
    assert_consistent(result)
    plainly = ComparisonPolicy(align=False)
    unaligned = compare_pictures(png(BEFORE), png(after[:640] if cut else after), plainly).stats
    assert result.stats.changed_pixels <= unaligned.changed_pixels
