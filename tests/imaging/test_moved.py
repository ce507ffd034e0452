"""Whether anything moved is asked of a few columns: no only where they can tell."""

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from scene.domain.options import ComparisonPolicy
from scene.imaging import measure as measuring
from scene.imaging.compare import compare_pictures
from scene.imaging.kernel import differing_rows
from scene.imaging.moved import may_have_moved
from scene.imaging.pixels import Pixels
from scene.imaging.stopwatch import Stopwatch
from tests.imaging.pictures import RED, page, plain, png

pytestmark = pytest.mark.usefixtures("loops")

WIDTH, HEIGHT = 640, 800
BEFORE = page(WIDTH, HEIGHT, seed=5)


def asked(before: Pixels, after: Pixels) -> bool:
    return may_have_moved(before, after, 0.1, differing_rows(before, after) if before.shape == after.shape else None)


def recoloured(picture: Pixels) -> Pixels:
    """Every row differs, and none is where another was."""
    return picture ^ np.uint32(0x101010)


def test_other_colours_have_not_moved() -> None:
    assert not asked(BEFORE, recoloured(BEFORE))


def test_other_pages_have_not_moved() -> None:
    assert not asked(BEFORE, page(WIDTH, HEIGHT + 40, seed=6))


@pytest.mark.parametrize("rows", [1, 60, 300])
def test_a_banner_moves_what_is_below_it(rows: int) -> None:
    after = np.vstack([plain(WIDTH, rows, RED), BEFORE])
    assert asked(BEFORE, after)
    assert asked(BEFORE, after[:HEIGHT])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, WIDTH - 160), st.integers(0, 500), st.integers(1, 200), st.integers(1, 40))
def test_no_column_that_it_pays_to_align_is_missed_on_a_page_that_has_other_colours_too(
    x: int, y: int, rows: int, every: int
) -> None:
    """Its width is that of two of the parts that are asked, so it fills one of them at least."""
    after = BEFORE.copy()
    after[::every] = recoloured(BEFORE)[::every]
    column = BEFORE[:, x : x + 160]
    after[:, x : x + 160] = np.vstack([column[:y], plain(160, rows), column[y:]])[:HEIGHT]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measuring, "may_have_moved", lambda *_: True)
        found = measuring.measure(BEFORE, after, ComparisonPolicy(), Stopwatch())
    event(f"aligned: {found.aligned}")
    assert asked(BEFORE, after) or not found.aligned


def viewport(words: int) -> Pixels:
    """A white page with as many black pixels in each row of its upper half, at other places in each."""
    picture = plain(WIDTH, HEIGHT, 0xFFFFFF)
    picture[: HEIGHT // 2] = np.where(
        np.random.default_rng(3).random((HEIGHT // 2, WIDTH)) * WIDTH < words, 0, 0xFFFFFF
    )
    return picture


@pytest.mark.parametrize(("rows", "pays"), [(40, True), (300, False)])
def test_rows_that_moved_so_far_that_leaving_them_costs_less_are_left(rows: int, pays: bool) -> None:
    before = viewport(WIDTH // 4)
    after = np.vstack([plain(WIDTH, rows, 0xFFFFFF), before])[:HEIGHT]
    assert asked(before, after) == pays
    aligned, as_they_lie = (
        compare_pictures(png(before), png(after), ComparisonPolicy(align=align)).stats for align in (True, False)
    )
    assert (aligned.changed_pixels < as_they_lie.changed_pixels) == pays


def test_boxes_of_one_colour_cannot_be_told_from_each_other_so_they_may_have_moved() -> None:
    before = np.vstack([plain(WIDTH, 100, shade) for shade in (0x111111, 0x222222, 0x333333, 0x444444)])
    after = np.vstack([plain(WIDTH, 50, RED), before])
    assert asked(before, after)
    found = compare_pictures(png(before), png(after), ComparisonPolicy()).stats
    assert (found.aligned, found.residual_pixels, found.changed_pixels) == (True, 0, 50 * WIDTH)


def test_a_page_that_only_grew_at_the_end_may_have_moved() -> None:
    """No row differs that could be recognised: looking is left to the alignment."""
    assert asked(BEFORE, np.vstack([BEFORE, plain(WIDTH, 30)]))


def test_where_nothing_moved_no_pixel_is_hashed_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    after = recoloured(BEFORE)
    expected = compare_pictures(png(BEFORE), png(after), ComparisonPolicy(align=False)).stats
    monkeypatch.setattr(measuring, "Columns", None)
    found = compare_pictures(png(BEFORE), png(after), ComparisonPolicy()).stats
    assert found.model_copy(update={"durations_ms": {}}) == expected.model_copy(update={"durations_ms": {}})
