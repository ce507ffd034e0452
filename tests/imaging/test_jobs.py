"""Jobs on files write everything or complain clearly."""

from pathlib import Path

import pytest
from PIL import Image

from scene.domain.comparison import ComparisonStats
from scene.domain.options import ComparisonPolicy
from scene.errors import PictureError
from scene.imaging.jobs import compare_files, make_thumbnail
from tests.imaging.pictures import BLACK, page, plain, png


@pytest.fixture
def before(tmp_path: Path) -> Path:
    path = tmp_path / "before.png"
    path.write_bytes(png(plain(40, 30)))
    return path


@pytest.fixture
def after(tmp_path: Path) -> Path:
    path = tmp_path / "after.png"
    path.write_bytes(png(plain(40, 30, BLACK)))
    return path


def test_a_comparison_writes_two_pictures_and_the_numbers(tmp_path: Path, before: Path, after: Path) -> None:
    out = tmp_path / "deep" / "out"
    stats = compare_files(before, after, out, ComparisonPolicy())
    assert sorted(path.name for path in out.iterdir()) == ["diff.png", "heatmap.png", "stats.json"]
    assert ComparisonStats.model_validate_json((out / "stats.json").read_text()) == stats
    with Image.open(out / "diff.png") as diff:
        assert diff.size == (40, 30)


def test_comparing_again_removes_pictures_that_no_longer_hold(tmp_path: Path, before: Path, after: Path) -> None:
    compare_files(before, after, tmp_path / "out", ComparisonPolicy())
    compare_files(before, before, tmp_path / "out", ComparisonPolicy())
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["stats.json"]


def test_a_bad_picture_is_named_and_writes_nothing(tmp_path: Path, before: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"not a picture")
    with pytest.raises(PictureError, match=r"bad\.png is not a PNG picture"):
        compare_files(before, bad, tmp_path / "out", ComparisonPolicy())
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path, before: Path) -> None:
    with pytest.raises(FileNotFoundError):
        compare_files(before, tmp_path / "gone.png", tmp_path / "out", ComparisonPolicy())


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, before: Path, after: Path) -> None:
    (tmp_path / "out" / "diff.png").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        compare_files(before, after, tmp_path / "out", ComparisonPolicy())
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["diff.png"]


def test_a_thumbnail_is_a_small_webp(tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    picture.write_bytes(png(page(960, 2000)))
    assert make_thumbnail(picture, tmp_path / "small.webp") == (480, 600)
    with Image.open(tmp_path / "small.webp") as thumbnail:
        assert thumbnail.format == "WEBP"
