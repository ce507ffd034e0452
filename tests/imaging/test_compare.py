"""The whole comparison: what it counts, and that its numbers agree with each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scene.domain.comparison import Box, ComparisonStats
from scene.domain.options import ComparisonPolicy
from scene.errors import PictureError
from scene.imaging import strips
from scene.imaging.compare import ComparisonResult, compare_pictures
from scene.imaging.decode import decode_png
from scene.imaging.pixels import Indices, Pixels
from scene.imaging.png_file import read_png_file
from tests.imaging.pictures import BLACK, RED, WHITE, page, pairs, pictures, plain, png, up_filtered_png

pytestmark = pytest.mark.usefixtures("loops")

UNALIGNED = ComparisonPolicy(align=False)


def compared(before: Pixels, after: Pixels, policy: ComparisonPolicy | None = None) -> ComparisonResult:
    return compare_pictures(png(before), png(after), policy or ComparisonPolicy())


def stats(before: Pixels, after: Pixels, policy: ComparisonPolicy | None = None) -> ComparisonStats:
    return compared(before, after, policy).stats


def test_equal_files_are_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("scene.imaging.compare.decode_png")
    result = compared(page(40, 60), page(40, 60))
    assert (result.stats.identical, result.stats.width, result.stats.height) == (True, 40, 60)
    assert result.diff_png is result.heatmap_png is None


def test_equal_pixels_in_different_files_are_identical() -> None:
    samples = np.random.default_rng(1).integers(0, 256, (30, 20, 3), dtype=np.uint8)
    one = up_filtered_png(samples)
    other = png(decode_png(one))
    assert one != other
    assert compare_pictures(one, other, ComparisonPolicy()).stats.identical


def test_a_difference_within_the_tolerance_is_no_change_but_not_identical() -> None:
    after = page(40, 60)
    after[0, 0] = 0xFEFEFE
    result = compared(page(40, 60), after)
    assert (result.stats.changed_pixels, result.stats.different_pixels, result.stats.identical) == (0, 1, False)
    assert result.diff_png is result.heatmap_png is None


def test_a_changed_button_is_one_region() -> None:
    after = page(400, 300)
    after[100:120, 50:90] = RED
    found = stats(page(400, 300), after)
    assert found.total_regions == 1
    assert found.bounding_box == Box(x=50, y=100, width=40, height=20)
    assert found.regions[0].changed_pixels == found.changed_pixels == found.residual_pixels
    assert 0.3 < found.max_colour_distance <= 1


def test_an_inserted_banner_counts_as_itself() -> None:
    before = page(64, 400)
    found = stats(before, np.vstack([plain(64, 30, RED), before]))
    assert (found.changed_pixels, found.residual_pixels, found.shift_rows) == (30 * 64, 0, 30)
    assert [(band.kind, band.observed_y, band.rows) for band in found.shift_bands] == [("inserted", 0, 30)]
    area = found.regions[0].model_dump(include={"x", "y", "width", "height", "changed_pixels"})
    assert area == {"x": 0, "y": 0, "width": 64, "height": 30, "changed_pixels": 30 * 64}
    assert (found.height, found.aligned) == (430, True)


def test_a_removed_band_counts_as_itself_and_is_not_a_region() -> None:
    before = page(64, 400)
    found = stats(before, np.delete(before, slice(100, 140), axis=0))
    assert (found.changed_pixels, found.shift_rows, found.height) == (40 * 64, -40, 400)
    assert [(band.kind, band.baseline_y, band.rows) for band in found.shift_bands] == [("removed", 100, 40)]
    assert found.regions == []
    assert found.bounding_box == Box(x=0, y=99, width=64, height=2)


def test_rows_pushed_out_of_a_viewport_are_clipped_not_changed() -> None:
    before = page(64, 400)
    found = stats(before, np.vstack([plain(64, 30, RED), before])[:400])
    assert (found.changed_pixels, found.clipped_rows, found.height) == (30 * 64, 30, 400)


def test_without_alignment_everything_below_a_banner_changed() -> None:
    before = page(64, 400)
    after = np.vstack([plain(64, 30, RED), before])
    found = stats(before, after, UNALIGNED)
    assert found.changed_pixels > stats(before, after).changed_pixels
    assert (found.aligned, found.shift_rows, found.height) == (False, 30, 430)


def test_a_wrong_hash_cannot_hide_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    before = page(64, 400)
    after = np.vstack([plain(64, 30, RED), before])
    after[300, 10:20] = 0x00FF00
    true_hashes = strips.strip_hashes

    def colliding(picture: Pixels, *strips: Indices) -> np.ndarray:
        found = true_hashes(picture, *strips)
        if len(picture) == 430:
            found[:, 300] = true_hashes(before, *strips)[:, 270]
        return found

    monkeypatch.setattr(strips, "strip_hashes", colliding)
    found = stats(before, after)
    assert found.aligned
    assert 0 < found.residual_pixels <= 10


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [((40, 60), (50, 60), 600), ((50, 60), (40, 60), 600), ((40, 60), (40, 90), 1200), ((40, 90), (40, 60), 1200),
     ((40, 60), (50, 90), 2100), ((50, 60), (40, 90), 1800)],
)  # fmt: skip
def test_the_area_that_only_one_picture_has_is_changed(
    before: tuple[int, int], after: tuple[int, int], changed: int
) -> None:
    result = compared(plain(*before), plain(*after), UNALIGNED)
    assert result.stats.changed_pixels == changed
    assert sum(region.changed_pixels for region in result.stats.regions) == changed
    size = (max(before[0], after[0]), max(before[1], after[1]))
    assert (result.stats.width, result.stats.height) == size
    assert_size(result.diff_png, *size)
    assert_size(result.heatmap_png, *size)


def test_a_wider_picture_is_compared_where_both_have_pixels() -> None:
    before, after = plain(40, 60), plain(50, 60)
    after[10, 5] = after[59, 39] = BLACK
    found = stats(before, after)
    assert found.residual_pixels == 2
    assert {(region.x, region.y) for region in found.regions} == {(5, 10), (39, 59), (40, 0)}


@settings(max_examples=50, deadline=None)
@given(pairs(largest=40))
def test_the_numbers_agree_with_each_other(pair: tuple[Pixels, Pixels]) -> None:
    assert_consistent(compared(*pair))


@settings(max_examples=50, deadline=None)
@given(
    st.integers(2, 30), st.integers(8, 120), st.integers(0, 130), st.integers(0, 40), st.integers(0, 40), st.booleans()
)
def test_the_numbers_agree_when_bands_come_and_go(
    width: int, height: int, at: int, inserted: int, removed: int, same_height: bool
) -> None:
    before = page(width, height, seed=height)
    at = min(at, height)
    after = np.vstack([before[:at], plain(width, inserted + 1, RED), before[min(height, at + removed) :]])
    result = compared(before, after[:height] if same_height else after)
    assert_consistent(result)
    assert (
        result.stats.changed_pixels <= stats(before, after[:height] if same_height else after, UNALIGNED).changed_pixels
    )


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_the_numbers_agree_for_pictures_of_any_two_sizes(data: st.DataObject) -> None:
    before = data.draw(pictures(data.draw(st.integers(1, 20)), data.draw(st.integers(1, 40))))
    after = data.draw(pictures(data.draw(st.integers(1, 20)), data.draw(st.integers(1, 40))))
    assert_consistent(compared(before, after))


def assert_consistent(result: ComparisonResult) -> None:
    found = result.stats
    one_sided = sum(region.changed_pixels for region in found.regions) - found.residual_pixels
    removed = [band for band in found.shift_bands if band.kind == "removed" and found.aligned]
    seams = sum(band.rows * (band.width or found.width) for band in removed)
    assert found.total_regions == len(found.regions)
    assert found.changed_pixels == found.residual_pixels + one_sided + seams
    assert found.percent_changed == pytest.approx(100 * found.changed_pixels / (found.width * found.height))
    assert found.different_pixels >= found.changed_pixels + found.antialiased_pixels
    assert found.identical == (found.different_pixels == 0)
    assert (found.bounding_box is None) == (found.changed_pixels == 0)
    assert (result.diff_png is None) == (result.heatmap_png is None) == (found.changed_pixels == 0)
    assert ComparisonStats.model_validate_json(found.model_dump_json()) == found


def assert_size(file: bytes | None, width: int, height: int) -> None:
    assert file is not None
    png_file = read_png_file(file, "it")
    assert (png_file.width, png_file.height) == (width, height)


def test_an_exact_comparison_counts_everything() -> None:
    before, after = page(40, 60), page(40, 60)
    after[5, 5] = 0xFEFEFF if after[5, 5] == WHITE else WHITE
    exact = ComparisonPolicy(pixel_tolerance=0, ignore_antialiasing=False)
    assert stats(before, after, exact).changed_pixels == 1


def test_errors_name_the_picture() -> None:
    with pytest.raises(PictureError, match=r"^The baseline is not a PNG"):
        compare_pictures(b"no", png(plain(1, 1)), ComparisonPolicy())
    with pytest.raises(PictureError, match=r"^shop\.png is empty"):
        compare_pictures(png(plain(1, 1)), b"", ComparisonPolicy(), labels=("x", "shop.png"))
    with pytest.raises(PictureError, match="is not a PNG"):
        compare_pictures(b"the same", b"the same", ComparisonPolicy())
