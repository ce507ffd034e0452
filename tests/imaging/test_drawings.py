"""The pictures that show what changed, and the previews."""

import io

import numpy as np
import pytest
from PIL import Image

from scene.domain.options import ComparisonPolicy
from scene.errors import PictureError
from scene.imaging.compare import compare_pictures
from scene.imaging.pixels import Pixels
from scene.imaging.thumbnail import make_webp_thumbnail
from tests.imaging.pictures import BLACK, RED, page, plain, png

MAGENTA, GREEN, RED_LINE = (255, 0, 255), (90, 190, 110), (230, 70, 60)


def drawn(before: Pixels, after: Pixels, *, align: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """The diff as RGB, the heatmap's opacity."""
    result = compare_pictures(png(before), png(after), ComparisonPolicy(align=align))
    assert result.diff_png is not None
    assert result.heatmap_png is not None
    diff = np.asarray(Image.open(io.BytesIO(result.diff_png)).convert("RGB"))
    heat = np.asarray(Image.open(io.BytesIO(result.heatmap_png)).convert("RGBA"))
    return diff, heat[..., 3]


def is_colour(diff: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    return (diff == colour).all(axis=2)


def test_changed_pixels_are_magenta_on_faded_gray() -> None:
    before = plain(60, 40, 0x204060)
    after = before.copy()
    after[10:20, 30:45] = RED
    diff, heat = drawn(before, after)
    expected = np.zeros((40, 60), bool)
    expected[10:20, 30:45] = True
    assert np.array_equal(is_colour(diff, MAGENTA), expected)
    gray = diff[~expected]
    assert (gray == gray[0, 0]).all()
    assert 178 <= gray[0, 0] < 255
    assert heat[15, 38] > 0
    assert heat[0, 0] == 0


def test_black_fades_to_light_gray_and_white_stays_white() -> None:
    picture = plain(2, 4, BLACK)
    picture[:, 1] = 0xFFFFFF
    after = picture.copy()
    after[0] = RED
    diff, _ = drawn(picture, after)
    assert diff[3].tolist() == [[178, 178, 178], [255, 255, 255]]


def test_an_inserted_band_is_striped_green() -> None:
    before = page(64, 400)
    diff, heat = drawn(before, np.vstack([before[:48], plain(64, 32, RED), before[48:]]))
    striped = is_colour(diff, GREEN)
    assert striped[48:80].any(axis=1).all()
    assert not striped[:48].any()
    assert not striped[80:].any()
    assert (heat[48:80] > 0).all()
    assert (heat[120:] == 0).all()


def test_removed_rows_leave_a_red_line() -> None:
    before = page(64, 400)
    diff, heat = drawn(before, np.delete(before, slice(100, 140), axis=0))
    assert diff.shape == (360, 64, 3)
    assert np.flatnonzero(is_colour(diff, RED_LINE).all(axis=1)).tolist() == [99, 100]
    assert (heat[99:101] > 0).all()


def test_what_only_the_baseline_has_is_striped_red() -> None:
    diff, heat = drawn(plain(50, 60), plain(40, 30), align=False)
    striped = is_colour(diff, RED_LINE)
    assert striped[:, 40:].any(axis=1).all()
    assert striped[30:].any(axis=1).all()
    assert not striped[:30, :40].any()
    assert (heat[30:] > 0).all()


def test_a_single_changed_pixel_is_visible_in_the_heatmap() -> None:
    after = plain(100, 100)
    after[50, 50] = BLACK
    _, heat = drawn(plain(100, 100), after)
    assert heat[50, 50] >= 60


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1280, 800), (480, 300)), ((1280, 5000), (480, 600)), ((300, 200), (300, 200)), ((300, 5000), (300, 600)),
     ((1, 1), (1, 1)), ((5000, 1), (480, 1))],
)  # fmt: skip
def test_thumbnails_are_small_and_show_the_top(size: tuple[int, int], expected: tuple[int, int]) -> None:
    webp, *found = make_webp_thumbnail(png(plain(*size, RED)))
    image = Image.open(io.BytesIO(webp))
    assert image.format == "WEBP"
    assert image.size == tuple(found) == expected
    red, green, _ = image.convert("RGB").getpixel((0, 0))
    assert red > 200
    assert green < 50


def test_a_thumbnail_of_something_else_is_an_error() -> None:
    with pytest.raises(PictureError, match="is not a PNG"):
        make_webp_thumbnail(b"hello")
