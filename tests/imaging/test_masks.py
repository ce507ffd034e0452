"""What masks cover is ignored, wherever it is in each picture, and nothing else is."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from scene.domain.comparison import Box, ComparisonStats
from scene.domain.masking import ComparedMask, MaskedPicture, ResolvedMask, compared_masks, said_of_masks
from scene.domain.masks import Mask, Rectangle
from scene.domain.options import ComparisonPolicy
from scene.domain.status import Verdict
from scene.imaging.compare import compare_pictures
from scene.imaging.explain import explain
from scene.imaging.masks import covered_pixels
from scene.imaging.pixels import Pixels
from tests.imaging.pictures import png

pytestmark = pytest.mark.usefixtures("loops")

CLOCK = Mask(selector=".clock")
POLICY = ComparisonPolicy()


def page(height: int = 200, width: int = 100) -> Pixels:
    """Every row is different from every other."""
    random = np.random.default_rng(7)
    return random.integers(0, 1 << 24, (height, 1), np.uint32).repeat(width, axis=1)


def with_clock(picture: Pixels, box: Box, colour: int) -> Pixels:
    shown = picture.copy()
    shown[box.y : box.y + box.height, box.x : box.x + box.width] = colour
    return shown


def box(x: int, y: int, width: int = 40, height: int = 10) -> Box:
    return Box(x=x, y=y, width=width, height=height)


def compare(before: Pixels, after: Pixels, baseline: list[Box], observed: list[Box]) -> ComparisonStats:
    masks = [ComparedMask(mask=CLOCK, baseline=baseline, observed=observed)]
    return compare_pictures(png(before), png(after), POLICY, masks=masks).stats


def test_a_difference_inside_a_mask_does_not_count() -> None:
    clock = box(10, 20)
    stats = compare(with_clock(page(), clock, 1), with_clock(page(), clock, 0xFFFFFF), [clock], [clock])
    assert (stats.changed_pixels, stats.masked_pixels, stats.verdict(POLICY)) == (0, 400, Verdict.UNCHANGED)
    assert explain(stats) == "Identical outside the masked 400 px."


def test_a_pixel_beside_a_mask_counts_and_the_masked_area_is_no_part_of_the_percentage() -> None:
    clock = box(0, 0, 100, 100)
    after = with_clock(page(), clock, 5)
    after[150, 50] ^= 0x808080
    stats = compare(page(), after, [clock], [clock])
    assert (stats.changed_pixels, stats.masked_pixels) == (1, 10_000)
    assert stats.percent_changed == pytest.approx(100 / 10_000)
    assert stats.regions[0] == stats.regions[0].model_copy(update={"x": 50, "y": 150, "width": 1, "height": 1})


def test_masks_survive_a_shift() -> None:
    before = with_clock(page(), box(10, 20), 1)
    banner = np.full((30, 100), 0x00AAFF, np.uint32)
    after = np.concatenate([banner, with_clock(page(), box(10, 20), 0xFFFFFF)])
    stats = compare(before, after, [box(10, 20)], [box(10, 50)])
    assert (stats.aligned, stats.shift_rows, stats.residual_pixels) == (True, 30, 0)
    assert stats.changed_pixels == 30 * 100


def test_masks_of_different_size_are_ignored_together() -> None:
    narrow, wide = box(10, 20, 30), box(10, 20, 50)
    before, after = with_clock(page(), narrow, 1), with_clock(page(), wide, 2)
    for first, second in (((before, narrow), (after, wide)), ((after, wide), (before, narrow))):
        stats = compare(first[0], second[0], [first[1]], [second[1]])
        assert (stats.changed_pixels, stats.masked_pixels) == (0, 500)


@pytest.mark.parametrize("gone", [True, False])
def test_a_masked_element_that_comes_or_goes_is_a_change(gone: bool) -> None:
    clock = box(10, 20)
    pictures = [with_clock(page(), clock, 1), page()]
    areas: list[list[Box]] = [[clock], []]
    order = (0, 1) if gone else (1, 0)
    stats = compare(*(pictures[side] for side in order), *(areas[side] for side in order))
    assert stats.changed_pixels > 300


def test_a_masked_element_that_moves_aside_is_a_change() -> None:
    stats = compare(with_clock(page(), box(0, 20), 1), with_clock(page(), box(60, 20), 2), [box(0, 20)], [box(60, 20)])
    assert stats.changed_pixels > 700


def test_masked_rows_that_were_inserted_do_not_count() -> None:
    before, after = page(200), page(200)
    after = np.concatenate([after[:100], np.full((20, 100), 3, np.uint32), after[100:]])
    stats = compare(before, after, [box(0, 90, 100, 10)], [box(0, 90, 100, 30)])
    assert (stats.changed_pixels, stats.shift_rows, stats.masked_pixels) == (0, 20, 3_000)
    assert explain(stats) == "Nothing changed outside the masked 3,000 px; 20 rows inserted at y=100."


def test_the_diff_shows_masks_in_gray() -> None:
    clock = box(10, 20)
    after = with_clock(page(), clock, 1)
    after[100:110] ^= 0xFFFFFF
    masks = [ComparedMask(mask=CLOCK, baseline=[clock], observed=[clock])]
    drawn = compare_pictures(png(page()), png(after), POLICY, masks=masks).diff_png
    assert drawn is not None
    with Image.open(BytesIO(drawn)) as diff:
        colours = diff.convert("RGB")
    assert [colours.getpixel((x, 25)) == (150, 150, 160) for x in (9, 10, 49, 50)] == [False, True, True, False]


def test_masks_that_leave_nothing_are_no_green() -> None:
    everything = box(0, 0, 100, 200)
    stats = compare(page(), page() ^ np.uint32(1), [everything], [everything])
    assert stats.verdict(POLICY) is Verdict.CHANGED
    assert explain(stats) == "Masks cover all of it: nothing was compared."


def test_equal_files_are_equal_whatever_is_masked() -> None:
    stats = compare(page(), page(), [box(10, 20)], [box(10, 20), box(20, 25)])
    assert (stats.identical, stats.masked_pixels) == (True, 400 + 400 - 30 * 5)


def test_areas_that_overlap_are_counted_once() -> None:
    assert covered_pixels([], 10, 10) == 0
    assert covered_pixels([box(0, 0, 5, 5), box(3, 3, 4, 4), box(9, 9, 1, 1)], 10, 10) == 25 + 16 - 4 + 1


def side(masks: list[ResolvedMask], width: int = 100, height: int = 100, scale: float = 1) -> MaskedPicture:
    return MaskedPicture(width, height, scale, masks)


def test_a_rectangle_is_in_css_pixels_and_cut_to_each_picture() -> None:
    mask = Mask(rectangle=Rectangle(x=10, y=90, width=15, height=20))
    [compared], unknown = compared_masks([mask], side([], scale=1), side([], 200, 300, scale=2))
    assert (compared.baseline, compared.observed, unknown) == ([box(10, 90, 15, 10)], [box(20, 180, 30, 40)], [])


def test_a_mask_that_one_side_was_captured_without_is_taken_from_the_other() -> None:
    resolved = ResolvedMask(mask=CLOCK, areas=[box(10, 20), box(90, 95)])
    [compared], unknown = compared_masks([CLOCK], side([]), side([resolved]))
    assert compared.taken_from == "observed"
    assert compared.baseline == [box(10, 20), box(90, 95, 10, 5)]
    assert said_of_masks([compared], unknown, "baseline") == [
        "The baseline was captured without the mask .clock: masked where the observed picture has it."
    ]
    [compared], _ = compared_masks([CLOCK], side([resolved]), side([]))
    assert compared.taken_from == "baseline"
    assert said_of_masks([compared], [], "reference") == [
        "The observed picture was captured without the mask .clock: masked where the reference has it."
    ]


def test_a_mask_that_matched_nothing_on_one_side_is_not_taken_from_the_other() -> None:
    before, after = ResolvedMask(mask=CLOCK, areas=[box(10, 20)]), ResolvedMask(mask=CLOCK, areas=[])
    [compared], _ = compared_masks([CLOCK], side([before]), side([after]))
    assert (compared.baseline, compared.observed, compared.taken_from) == ([box(10, 20)], [], None)


def test_a_mask_that_nobody_resolved_applies_from_the_next_capture() -> None:
    compared, unknown = compared_masks([CLOCK], side([]), side([]))
    assert (compared, unknown) == ([], [CLOCK])
    assert said_of_masks(compared, unknown, "baseline") == [
        "Neither picture was captured with the mask .clock: it applies from the next capture on."
    ]
