"""What the jitter tolerance forgives, and what it must not."""

import numpy as np
from hypothesis import given, settings

from scene.domain.comparison import ComparisonStats
from scene.domain.options import ComparisonPolicy
from scene.imaging.compare import compare_pictures
from scene.imaging.pixels import Pixels
from tests.imaging.pictures import BLACK, RED, WHITE, page, pairs, plain, png


def tolerating(reach: int, before: Pixels, after: Pixels) -> ComparisonStats:
    return compare_pictures(png(before), png(after), ComparisonPolicy(align=False, jitter_tolerance=reach)).stats


def moved(picture: Pixels, dx: int, dy: int) -> Pixels:
    return np.roll(picture, (dy, dx), axis=(0, 1))


def framed(picture: Pixels) -> Pixels:
    """With a blank margin, so that nothing is moved over the edge."""
    result = plain(picture.shape[1] + 20, picture.shape[0] + 20)
    result[10:-10, 10:-10] = picture
    return result


def test_it_is_off_unless_asked_for() -> None:
    assert ComparisonPolicy().jitter_tolerance == 0


def test_content_displaced_by_no_more_than_the_tolerance_does_not_count() -> None:
    before = framed(page(80, 60))
    for reach in (1, 2, 3):
        for dx, dy in ((reach, 0), (0, reach), (-reach, reach), (1, -1)):
            found = tolerating(reach, before, moved(before, dx, dy))
            assert found.changed_pixels == 0
            assert found.jitter_pixels > 0


def test_content_displaced_further_counts() -> None:
    before = plain(60, 60)
    before[20:30, 20:30] = BLACK
    for reach in (1, 2, 3):
        assert tolerating(reach, before, moved(before, reach + 2, 0)).changed_pixels > 0


def test_a_new_colour_counts() -> None:
    after = plain(80, 60)
    after[30, 30] = RED
    assert tolerating(3, plain(80, 60), after).changed_pixels == 1


def test_what_came_and_is_larger_than_the_neighbourhood_counts() -> None:
    for reach in (1, 2, 3):
        size = 2 * reach + 2
        after = plain(60, 60)
        after[20 : 20 + size, 20 : 20 + size] = BLACK
        assert tolerating(reach, plain(60, 60), after).changed_pixels == size * size


def test_its_limit_is_a_line_that_moved() -> None:
    before, after = plain(60, 60), plain(60, 60)
    before[20, 10:50] = after[21, 10:50] = BLACK
    assert tolerating(0, before, after).changed_pixels == 80
    assert tolerating(1, before, after).changed_pixels == 0


@settings(max_examples=60, deadline=None)
@given(pairs())
def test_a_wider_tolerance_never_counts_more_and_nothing_is_lost(pair: tuple[Pixels, Pixels]) -> None:
    strict, *wider = [tolerating(reach, *pair) for reach in (0, 1, 2, 3)]
    counts = [found.changed_pixels for found in wider]
    assert [strict.changed_pixels, *counts] == sorted([strict.changed_pixels, *counts], reverse=True)
    for found in wider:
        assert found.changed_pixels + found.jitter_pixels == strict.changed_pixels
        assert found.antialiased_pixels == strict.antialiased_pixels


def test_the_edges_of_a_picture_are_looked_at_like_the_rest() -> None:
    before, after = plain(10, 10), plain(10, 10)
    before[0, :] = after[1, :] = BLACK
    assert tolerating(1, before, after).changed_pixels == 0
    before, after = plain(10, 10, WHITE), plain(10, 10, BLACK)
    assert tolerating(3, before, after).changed_pixels == 100
