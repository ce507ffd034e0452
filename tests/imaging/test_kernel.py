"""The kernel finds exactly the pixels that pixelmatch 7 finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scene.imaging import kernel
from scene.imaging.difference import Difference
from scene.imaging.kernel import Span, compare_rows, differing_rows
from scene.imaging.pixels import Indices, Pixels
from tests.imaging.pictures import BLACK, WHITE, page, pairs, plain
from tests.imaging.slow_pixelmatch import slow_pixelmatch

pytestmark = pytest.mark.usefixtures("loops")


def whole(before: Pixels, after: Pixels, tolerance: float = 0.1, ignore_antialiasing: bool = True) -> Difference:
    span = Span(0, 0, len(before))
    return compare_rows(before, after, span, pixel_tolerance=tolerance, ignore_antialiasing=ignore_antialiasing)


def points(positions: Indices, width: int) -> set[tuple[int, int]]:
    return {(position % width, position // width) for position in positions.tolist()}


@settings(max_examples=200, deadline=None)
@given(pairs(), st.sampled_from([0.0, 0.05, 0.1, 0.3, 1.0]), st.booleans())
def test_it_agrees_with_a_plain_port_of_pixelmatch(
    pair: tuple[Pixels, Pixels], tolerance: float, ignore_antialiasing: bool
) -> None:
    before, after = pair
    changed, smooth = slow_pixelmatch(before, after, tolerance, ignore_antialiasing)
    found = whole(before, after, tolerance, ignore_antialiasing)
    assert points(found.changed, before.shape[1]) == changed
    assert points(found.antialiased, before.shape[1]) == smooth
    assert found.different_pixels == (before != after).sum()


def test_it_finds_anti_aliasing_at_all() -> None:
    before = plain(20, 20)
    for y in range(20):
        before[y, : y // 2] = BLACK
    after = before.copy()
    after[np.arange(2, 20, 2), np.arange(2, 20, 2) // 2] = 0x808080
    found = whole(before, after)
    assert len(found.antialiased) > 5
    assert slow_pixelmatch(before, after, 0.1, True)[1] == points(found.antialiased, 20)


@settings(max_examples=100, deadline=None)
@given(pairs(), st.integers(1, 30))
def test_the_size_of_its_bands_does_not_matter(pair: tuple[Pixels, Pixels], band_pixels: int) -> None:
    expected = whole(*pair)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "_BAND_PIXELS", band_pixels)
        found = whole(*pair)
    assert found.changed.tolist() == expected.changed.tolist()
    assert found.delta.tolist() == expected.delta.tolist()
    assert found.antialiased.tolist() == expected.antialiased.tolist()


@settings(max_examples=100, deadline=None)
@given(pairs())
def test_swapping_the_pictures_changes_nothing(pair: tuple[Pixels, Pixels]) -> None:
    there, back = whole(*pair), whole(*reversed(pair))
    assert there.changed.tolist() == back.changed.tolist()
    assert there.delta.tolist() == back.delta.tolist()


def test_a_moved_span_is_judged_like_one_that_did_not_move() -> None:
    before = page(40, 60)
    after = before.copy()
    after[20, 10:14] = BLACK
    moved = np.vstack([plain(40, 7), after])
    found = compare_rows(before, moved, Span(0, 7, 60), pixel_tolerance=0.1, ignore_antialiasing=True)
    assert (found.changed - 7 * 40).tolist() == whole(before, after).changed.tolist()


def test_looking_ends_soon_after_enough_was_found() -> None:
    before, after = plain(64, 1 << 14), plain(64, 1 << 14, BLACK)
    found = compare_rows(
        before, after, Span(0, 0, 1 << 14), pixel_tolerance=0.1, ignore_antialiasing=False, stop_above=10
    )
    assert 10 < len(found.changed) < before.size


def test_the_distance_of_black_and_white_is_the_largest() -> None:
    found = whole(plain(1, 1, BLACK), plain(1, 1, WHITE))
    assert found.delta[0] == pytest.approx(32857, abs=1)  # of 35215, which pure colours reach
    assert found.delta[0] < kernel.MAX_DELTA


def test_the_integer_bound_never_rejects_what_the_exact_distance_keeps() -> None:
    y, i, q = ([0.29889531, 0.58662247, 0.11448223], [0.59597799, -0.2741761, -0.32180189],
               [0.21147017, -0.52261711, 0.31114694])  # fmt: skip
    form = 0.5053 * np.outer(y, y) + 0.299 * np.outer(i, i) + 0.1957 * np.outer(q, q)
    assert np.linalg.eigvalsh(form).max() <= kernel._DELTA_PER_SQUARE


def test_no_two_colours_have_the_same_luma() -> None:
    """So ordering neighbours by it never ties where pixelmatch's floating-point numbers might not."""
    d = np.arange(-255, 256, dtype=np.int64)
    rest = -(29889531 * d[:, None] + 58662247 * d[None, :])
    blue, remainder = np.divmod(rest, 11448223)
    assert ((remainder == 0) & (abs(blue) <= 255)).sum() == 1  # only no difference at all


@pytest.mark.parametrize("width", [1, 2, 7, 64])
def test_rows_that_differ_are_named(width: int) -> None:
    before, after = plain(width, 50), plain(width, 50)
    after[3, width - 1] = after[49, 0] = BLACK
    assert differing_rows(before, after).tolist() == [3, 49]
