"""Alignment finds what was inserted and removed, and never loses a row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scene.imaging.align import Segment, align_hashes, is_shift, row_hashes, strip_hashes
from scene.imaging.patience import equal_runs
from scene.imaging.pixels import Pixels
from tests.imaging.pictures import BLACK, RED, page, pictures, plain

pytestmark = pytest.mark.usefixtures("loops")


def align(before: Pixels, after: Pixels) -> tuple[Segment, ...]:
    return tuple(align_hashes(row_hashes(before), row_hashes(after)))


hashes = st.lists(st.integers(0, 12), max_size=80).map(lambda rows: np.array(rows, np.uint64))


def rebuilt(before: np.ndarray, after: np.ndarray, segments: list[Segment]) -> list[int]:
    """The observed rows, from the baseline and nothing but what the segments say was inserted or replaced."""
    rows: list[int] = []
    for segment in segments:
        if segment.kind == "equal":
            rows += before[segment.baseline_y : segment.baseline_y + segment.rows].tolist()
        elif segment.kind != "removed":
            rows += after[segment.observed_y : segment.observed_y + segment.rows].tolist()
    return rows


@settings(max_examples=100, deadline=None)
@given(hashes, hashes)
def test_the_observed_picture_can_be_rebuilt_from_the_baseline(before: np.ndarray, after: np.ndarray) -> None:
    assert rebuilt(before, after, align_hashes(before, after)) == after.tolist()


@settings(max_examples=100, deadline=None)
@given(hashes, hashes)
def test_every_row_of_both_pictures_is_in_one_segment_in_order(before: np.ndarray, after: np.ndarray) -> None:
    baseline_y = observed_y = 0
    for segment in align_hashes(before, after):
        assert (segment.baseline_y, segment.observed_y) == (baseline_y, observed_y)
        baseline_y += segment.rows if segment.kind != "inserted" else 0
        observed_y += segment.rows if segment.kind != "removed" else 0
    assert (baseline_y, observed_y) == (len(before), len(after))


@settings(max_examples=100, deadline=None)
@given(hashes, hashes)
def test_runs_are_equal_and_increase_on_both_sides(before: np.ndarray, after: np.ndarray) -> None:
    baseline_y = observed_y = 0
    for run in equal_runs(before, after):
        assert run.rows > 0
        assert run.baseline_y >= baseline_y
        assert run.observed_y >= observed_y
        baseline_y, observed_y = run.baseline_y + run.rows, run.observed_y + run.rows
        assert np.array_equal(before[run.baseline_y : baseline_y], after[run.observed_y : observed_y])


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 300), st.integers(1, 80))
def test_a_band_among_unique_rows_is_found_exactly(at: int, rows: int) -> None:
    before = np.arange(300, dtype=np.uint64)
    band = np.arange(1000, 1000 + rows, dtype=np.uint64)
    after = np.concatenate([before[:at], band, before[at:]])
    found = [segment for segment in align_hashes(before, after) if segment.kind != "equal"]
    assert found == [Segment("inserted", at, at, rows)]
    back = [segment for segment in align_hashes(after, before) if segment.kind != "equal"]
    assert back == [Segment("removed", at, at, rows)]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 9).flatmap(lambda width: st.tuples(pictures(width, 6), pictures(width, 6))))
def test_equal_rows_have_equal_hashes_and_others_do_not(pair: tuple[np.ndarray, np.ndarray]) -> None:
    before, after = pair
    assert ((before == after).all(axis=1) == (row_hashes(before) == row_hashes(after))).all()


@settings(max_examples=50, deadline=None)
@given(pictures(23, 4), st.sets(st.integers(1, 11), max_size=5))
def test_the_hashes_of_strips_add_up_to_those_of_rows(picture: np.ndarray, borders: set[int]) -> None:
    edges = np.array([0, *(2 * border for border in sorted(borders)), 23])
    assert (strip_hashes(picture, edges[:-1], edges[1:]).sum(axis=0) == row_hashes(picture)).all()


def test_an_inserted_banner_is_one_band() -> None:
    before = page(64, 400)
    after = np.vstack([before[:50], plain(64, 30, RED), before[50:]])
    found = align(before, after)
    assert found == (Segment("equal", 0, 0, 50), Segment("inserted", 50, 50, 30), Segment("equal", 50, 80, 350))
    assert is_shift(found)


def test_a_changed_line_beside_an_insertion_is_replaced() -> None:
    before = page(64, 400)
    after = np.vstack([plain(64, 10, RED), before])
    after[215, 3:9] = BLACK
    kinds = [(segment.kind, segment.rows) for segment in align(before, after)]
    assert kinds == [("inserted", 10), ("equal", 205), ("replaced", 1), ("equal", 194)]


def test_a_removal_before_a_blank_end_is_moved_to_the_end() -> None:
    before = np.array([1, 2, 3, 0, 0, 7, 8, 9, 0, 0], np.uint64)
    after = np.array([4, 5, 6, 4, 5, 1, 2, 3, 0, 0], np.uint64)
    assert align_hashes(before, after)[-2:] == [Segment("equal", 0, 5, 5), Segment("removed", 5, 10, 5)]


def test_a_removal_above_a_footer_stays_there() -> None:
    before = np.array([1, 2, 3, 10, 11, 7, 8, 9, 12, 13], np.uint64)
    after = np.array([4, 5, 6, 1, 2, 3, 10, 11, 12, 13], np.uint64)
    assert align_hashes(before, after)[-2:] == [Segment("removed", 5, 8, 3), Segment("equal", 8, 8, 2)]


def test_different_pages_are_not_shifted() -> None:
    random = np.random.default_rng(1)
    one, other = random.integers(0, 1 << 24, (2, 200, 64), dtype=np.uint32)
    assert not is_shift(align(one, np.vstack([one[:50], other])))


def test_pictures_without_a_shift_are_not_shifted() -> None:
    before = page(64, 400)
    after = before.copy()
    after[:200:3, 5] = BLACK
    assert not is_shift(align(before, after))
