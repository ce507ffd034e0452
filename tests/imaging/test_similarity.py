"""Block SSIM of what changed: known values, and none of it decides."""

import numpy as np
import pytest

from scene.domain.comparison import Similarity
from scene.domain.options import ComparisonPolicy
from scene.imaging.compare import compare_pictures
from scene.imaging.pixels import Pixels
from tests.imaging.pictures import BLACK, RED, WHITE, page, plain, png


def similarity(before: Pixels, after: Pixels) -> Similarity | None:
    return compare_pictures(png(before), png(after), ComparisonPolicy()).stats.ssim


def slow_ssim(one: np.ndarray, other: np.ndarray) -> float:
    """The formula as it is printed, in plain floats, for gray blocks."""
    c1, c2 = 6.5025, 58.5225
    covariance = ((one - one.mean()) * (other - other.mean())).mean()
    above = (2 * one.mean() * other.mean() + c1) * (2 * covariance + c2)
    return float(above / ((one.mean() ** 2 + other.mean() ** 2 + c1) * (one.var() + other.var() + c2)))


def test_nothing_changed_has_none() -> None:
    assert similarity(page(40, 60), page(40, 60)) is None


def test_it_is_that_of_the_formula() -> None:
    random = np.random.default_rng(5)
    gray = random.integers(0, 256, (2, 8, 8))
    before, after = plain(40, 40), plain(40, 40)
    before[8:16, 24:32], after[8:16, 24:32] = (gray * 0x010101).astype(np.uint32)
    found = similarity(before, after)
    assert found
    assert (found.blocks, found.lowest) == (1, found.mean)
    assert found.mean == pytest.approx(slow_ssim(*gray.astype(float)), abs=0.02)
    assert found.overall == pytest.approx(1 - (1 - found.mean) / 25, abs=1e-4)


def test_black_for_white_has_nothing_in_common() -> None:
    found = similarity(plain(32, 32, WHITE), plain(32, 32, BLACK))
    assert found
    assert (found.blocks, found.lowest, round(found.overall, 1)) == (16, found.mean, 0.0)
    assert found.mean < 0.01


def test_a_faded_text_is_more_alike_than_another_text() -> None:
    before, faded = page(80, 64, seed=1), page(80, 64, seed=1)
    faded[faded != WHITE] = 0x555555
    one, other = similarity(before, faded), similarity(before, page(80, 64, seed=2))
    assert one
    assert other
    assert one.mean > other.mean


def test_blocks_below_an_insertion_are_compared_with_their_own_rows() -> None:
    before = page(64, 400)
    after = np.vstack([plain(64, 30, RED), before])
    after[230:233, 8:20] = 0x303030
    found = similarity(before, after)
    assert found
    assert found.blocks <= 6
    assert found.mean > 0.2


@pytest.mark.parametrize("size", [(1, 1), (7, 30), (8, 8), (9, 17)])
def test_pictures_of_any_size(size: tuple[int, int]) -> None:
    found = similarity(plain(*size), plain(*size, BLACK))
    assert (found is None) == (min(size) < 8)
