"""``scene compare --no-align`` counts exactly what npm's pixelmatch 7 counts, on pairs made and pairs captured."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from typer.testing import CliRunner

from scene.cli import app
from scene.domain.options import ComparisonPolicy
from scene.imaging.compare import compare_pictures
from tests.parity.captured import captured_pairs
from tests.parity.generated import generated_pairs

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Counted:
    """A pair, and what pixelmatch made of it."""

    name: str
    before: Path
    after: Path
    changed: int
    tolerated: int


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> list[Counted]:
    folder = tmp_path_factory.mktemp("parity")
    pairs: list[tuple[str, tuple[Path, Path]]] = []
    for number, (name, pictures) in enumerate(generated_pairs()):
        files = folder / f"{number}-before.png", folder / f"{number}-after.png"
        for picture, file in zip(pictures, files, strict=True):
            picture.save(file)
        pairs.append((name, files))
    pairs += captured_pairs(browser, folder)
    return [Counted(name, *files, **count) for (name, files), count in zip(pairs, pixelmatch(pairs), strict=True)]


def pixelmatch(pairs: list[tuple[str, tuple[Path, Path]]]) -> list[dict[str, int]]:
    """One node process counts them all."""
    if not (HERE / "node_modules" / "pixelmatch").is_dir():
        pytest.fail("npm's pixelmatch is not installed: run `make setup`, or `npm ci --prefix tests/parity`.")
    lines = [json.dumps({"before": str(before), "after": str(after)}) for _, (before, after) in pairs]
    own = Path(sys.prefix, "bin", "node")  # where set-up puts one on a machine that has none
    command = [str(own) if own.exists() else "node", str(HERE / "compare.mjs")]
    answer = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_there_are_enough_pairs_of_every_kind(counted: list[Counted]) -> None:
    assert len(counted) >= 100
    assert sum(pair.changed > 0 for pair in counted) >= 80
    assert sum(pair.tolerated > 0 for pair in counted) >= 30


def test_every_count_is_that_of_pixelmatch(counted: list[Counted]) -> None:
    wrong = []
    for pair in counted:
        stats = compare_pictures(pair.before.read_bytes(), pair.after.read_bytes(), ComparisonPolicy(align=False)).stats
        if (stats.changed_pixels, stats.antialiased_pixels) != (pair.changed, pair.tolerated):
            wrong.append((pair, stats.changed_pixels, stats.antialiased_pixels))
    assert wrong == []


def test_the_command_says_the_same(counted: list[Counted]) -> None:
    for pair in counted[::8]:
        result = CliRunner().invoke(app, ["compare", str(pair.before), str(pair.after), "--no-align", "--json"])
        assert json.loads(result.stdout)["changed_pixels"] == pair.changed, pair.name
        assert result.exit_code == (1 if pair.changed else 0)


def test_counting_without_forgiveness_agrees_too(counted: list[Counted]) -> None:
    policy = ComparisonPolicy(align=False, ignore_antialiasing=False)
    for pair in counted:
        stats = compare_pictures(pair.before.read_bytes(), pair.after.read_bytes(), policy).stats
        assert stats.changed_pixels == pair.changed + pair.tolerated, pair.name


def test_the_lock_file_names_no_addresses() -> None:
    assert "http" not in (HERE / "package-lock.json").read_text()
