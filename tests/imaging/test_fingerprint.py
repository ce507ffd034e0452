"""The same change has the same name wherever it lies, and another change has another."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scene.domain.options import ComparisonPolicy
from scene.imaging.compare import compare_pictures
from scene.imaging.pixels import Pixels
from tests.imaging.pictures import BLACK, BLUE, RED, WHITE, page, plain, png

pytestmark = pytest.mark.usefixtures("loops")

BANNER = page(200, 40, seed=99)


def fingerprint(before: Pixels, after: Pixels, policy: ComparisonPolicy | None = None) -> str | None:
    return compare_pictures(png(before), png(after), policy or ComparisonPolicy()).stats.change_fingerprint


def recoloured(x: int, y: int, colour: int, seed: int = 1) -> str | None:
    """Of a button with two words at a place of a page, painted in another colour."""
    before = page(200, 300, seed)
    before[y : y + 20, x : x + 70] = BLUE
    before[y + 5 : y + 15, x + 8 : x + 20] = before[y + 5 : y + 15, x + 44 : x + 58] = WHITE
    after = before.copy()
    after[before == BLUE] = colour
    return fingerprint(before, after)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 130), st.integers(0, 280), st.integers(1, 50))
def test_a_recoloured_button_has_one_name_on_every_page(x: int, y: int, seed: int) -> None:
    assert recoloured(x, y, RED, seed) == recoloured(50, 60, RED)


def test_another_colour_is_another_change() -> None:
    assert recoloured(50, 60, RED) != recoloured(50, 60, BLACK)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 100), st.integers(1, 50), st.integers(300, 500))
def test_an_inserted_banner_has_one_name_on_every_page(at: int, seed: int, height: int) -> None:
    before = page(200, height, seed)
    expected = fingerprint(page(200, 300), np.vstack([BANNER, page(200, 300)]))
    assert fingerprint(before, np.vstack([before[:at], BANNER, before[at:]])) == expected


def test_a_removed_banner_is_another_change_than_an_inserted_one() -> None:
    before = page(200, 300)
    after = np.vstack([BANNER, before])
    assert fingerprint(before, after) != fingerprint(after, before)


def test_another_banner_of_the_same_size_is_another_change() -> None:
    before = page(200, 300)
    other = page(200, 40, seed=98)
    assert fingerprint(before, np.vstack([BANNER, before])) != fingerprint(before, np.vstack([other, before]))


@pytest.mark.parametrize("policy", [ComparisonPolicy(), ComparisonPolicy(align=False)])
def test_a_taller_picture_is_named_by_what_it_has_more(policy: ComparisonPolicy) -> None:
    names = {fingerprint(plain(80, height), plain(80, height + 12), policy) for height in (40, 60)}
    assert len(names) == 1
    assert fingerprint(plain(80, 40), plain(80, 53), policy) not in names


def test_how_often_it_occurs_counts() -> None:
    before = plain(200, 100)
    once, twice = before.copy(), before.copy()
    once[10:20, 10:20] = twice[10:20, 10:20] = twice[60:70, 90:100] = RED
    assert fingerprint(before, once) != fingerprint(before, twice)


def test_the_shape_counts() -> None:
    before = plain(200, 100)
    wide, tall = before.copy(), before.copy()
    wide[10:20, 10:50] = tall[10:50, 10:20] = RED
    assert fingerprint(before, wide) != fingerprint(before, tall)


def test_nothing_changed_has_no_name() -> None:
    nearly = plain(20, 20)
    nearly[3, 3] = 0xFEFEFE
    assert fingerprint(plain(20, 20), plain(20, 20)) is None
    assert fingerprint(plain(20, 20), nearly) is None
