"""``scene compare``: exit codes, sentences and JSON that a script can rely on."""

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from scene.cli.compare import compare
from scene.domain.comparison import ComparisonStats
from tests.imaging.pictures import BLACK, RED, page, plain, png

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(compare)


@pytest.fixture
def a(tmp_path: Path) -> Path:
    path = tmp_path / "a.png"
    path.write_bytes(png(page(64, 400)))
    return path


@pytest.fixture
def b(tmp_path: Path) -> Path:
    picture = page(64, 400)
    picture[100:110, 20:40] = RED
    path = tmp_path / "b.png"
    path.write_bytes(png(picture))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_equal_pictures_exit_with_0(a: Path, tmp_path: Path) -> None:
    result = run(a, a, "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (0, "Identical.\n")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["stats.json"]


def test_different_pictures_exit_with_1_and_say_how(a: Path, b: Path, tmp_path: Path) -> None:
    result = run(a, b, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "region" in result.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["diff.png", "heatmap.png", "stats.json"]


def test_json_is_alone_on_stdout_and_holds_everything(a: Path, b: Path, tmp_path: Path) -> None:
    result = run(a, b, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert set(ComparisonStats.model_fields) < set(document)
    assert document["equal"] is False
    assert document["changed_pixels"] > 0
    assert document["antialiased_pixels"] >= 0
    assert set(document["bounding_boxes"][0]) == {"x", "y", "width", "height", "changed_pixels", "looks"}
    assert document["sentence"].endswith("% of the picture.")
    assert document["files"]["baseline"] == str(a)
    assert Path(document["files"]["diff"]).exists()


def test_equal_means_no_changed_pixel_even_when_some_differ(a: Path, tmp_path: Path) -> None:
    slightly = page(64, 400)
    slightly[0, 0] = 0xFEFEFE
    other = tmp_path / "slightly.png"
    other.write_bytes(png(slightly))
    result = run(a, other, "--json")
    assert (result.exit_code, json.loads(result.stdout)["equal"]) == (0, True)
    assert run(a, other, "--pixel-tolerance", 0).exit_code == 1


def test_alignment_can_be_switched_off(a: Path, tmp_path: Path) -> None:
    lower = tmp_path / "lower.png"
    lower.write_bytes(png(np.vstack([plain(64, 30, BLACK), page(64, 400)])))
    aligned, plainly = (json.loads(run(a, lower, "--json", *options).stdout) for options in ([], ["--no-align"]))
    assert aligned["changed_pixels"] == 30 * 64
    assert plainly["changed_pixels"] > aligned["changed_pixels"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "there is no file"),
        (b"", "is empty"),
        (b"hello", "is not a PNG picture"),
        (png(plain(9, 9))[:-20], "is a damaged PNG picture"),
        ("folder", "is a folder"),
    ],
)
@pytest.mark.parametrize("bad_first", [True, False])
def test_bad_pictures_exit_with_2_and_are_named(
    a: Path, tmp_path: Path, content: bytes | str | None, sentence: str, bad_first: bool
) -> None:
    bad = tmp_path / "bad.png"
    if content == "folder":
        bad.mkdir()
    elif isinstance(content, bytes):
        bad.write_bytes(content)
    result = run(*((bad, a) if bad_first else (a, bad)), "--out", tmp_path / "out", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("A.png: " if bad_first else "B.png: ")
    assert sentence in result.stderr
    assert "bad.png" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("tolerance", ["-0.1", "1.1", "nan", "inf", "much"])
def test_a_bad_tolerance_exits_with_2(a: Path, b: Path, tolerance: str) -> None:
    result = run(a, b, "--pixel-tolerance", tolerance)
    assert result.exit_code == 2
    assert "--pixel-tolerance" in result.stderr


def test_an_out_folder_that_is_a_file_exits_with_2(a: Path, b: Path) -> None:
    result = run(a, b, "--out", a)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"--out: {a} is a file; name a folder.\n"
    assert run(a, b, "--out", a / "deeper").exit_code == 2
