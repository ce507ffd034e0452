"""``scene baselines``: a folder of reference pictures becomes a baseline, and a baseline a zip."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Call
from tests.support.describe import Story
from tests.support.drawings import drawn
from tests.support.server import Server


@pytest.fixture
def scene(call: Call, server: Server) -> Call:
    return lambda *arguments: call("baselines", *arguments, SCENE_SERVER_URL=server.url)


@pytest.fixture
def batch(story: Story) -> dict[str, Any]:
    return story.batch(story.task(name="Home"), story.task(name="About"))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "reference"
    (folder / "deep").mkdir(parents=True)
    (folder / "Home.png").write_bytes(drawn("teal"))
    (folder / "deep" / "x1.png").write_bytes(drawn("navy"))
    return folder


def mapping(folder: Path) -> str:
    path = folder.parent / "who.csv"
    path.write_text("file,task\ndeep/x1.png,About\n")
    return str(path)


def test_a_folder_is_imported_and_exported_again(
    scene: Call, story: Story, batch: dict[str, Any], pictures: Path, tmp_path: Path
) -> None:
    where = f"{story.project['slug']}/{batch['name']}"
    arguments = ("import", str(pictures), "--batch", where, "--mapping", mapping(pictures), "--notes", "Old", "--json")
    done = scene(*arguments)
    assert done.returncode == 0, done.stderr
    baseline = story.get(f"/api/baselines/{json.loads(done.stdout)['baseline']['id']}")
    assert (baseline["kind"], baseline["notes"], baseline["items_succeeded"]) == ("import", "Old", 2)
    out = tmp_path / "out.zip"
    assert scene("export", baseline["id"], "-o", str(out)).returncode == 0
    again = scene("import", str(out), "--batch", batch["id"], "--line", "copy", "--idempotency-key", "k")
    assert "A new baseline of the line copy: " in again.stdout
    copy = story.get("/api/baselines", batch=batch["id"])["items"][0]
    digests = [{item["picture"]["sha256"] for item in _items(story, each["id"])} for each in (baseline, copy)]
    assert digests[0] == digests[1]


def _items(story: Story, baseline_id: str) -> list[dict[str, Any]]:
    return story.get(f"/api/baselines/{baseline_id}/items")["items"]


def test_a_dry_run_says_what_each_file_is_of(scene: Call, story: Story, batch: dict[str, Any], pictures: Path) -> None:
    done = scene("import", str(pictures), "--batch", batch["id"], "--mapping", mapping(pictures), "--dry-run")
    assert "Home.png: Home (chromium, 640x480@1, full)" in done.stdout
    assert "2 pictures would be imported. Nothing was made." in done.stdout
    assert story.get("/api/baselines", batch=batch["id"])["items"] == []


def test_everything_that_is_wrong_is_listed(scene: Call, story: Story, batch: dict[str, Any], pictures: Path) -> None:
    (pictures / "About.png").write_bytes(b"no picture")
    done = scene("import", str(pictures), "--batch", batch["id"])
    assert done.returncode == 3
    told = done.stderr.splitlines()
    assert told[0] == "scene: Nothing was imported."
    assert any(line.startswith("deep/x1.png: name says nothing") for line in told)
    assert "About.png is not a PNG picture" in told


def test_a_mapping_goes_with_a_zip_too(scene: Call, story: Story, batch: dict[str, Any], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("deep/x1.png", drawn("red"))
        archive.writestr("mapping.json", "[]")
    done = scene("import", str(tmp_path / "in.zip"), "--batch", batch["id"], "--mapping", mapping(tmp_path / "in.zip"))
    assert "1 picture; 1 that the batch asks for are missing." in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "/nowhere", "--batch", "BATCH"), "SOURCE: /nowhere cannot be read"),
        (
            ("import", "/tmp", "--batch", "BATCH", "--mapping", "x.txt"),
            "--mapping: x.txt is not a file whose name ends",
        ),
        (("export", "nothing"), "There is no baseline 'nothing'"),
        (("export", "BASELINE", "-o", "/nowhere/x.zip"), "--out: /nowhere/x.zip cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(
    scene: Call, story: Story, batch: dict[str, Any], pictures: Path, arguments: tuple[str, ...], said: str
) -> None:
    names = {"BATCH": batch["id"]}
    if "BASELINE" in arguments:
        done = scene("import", str(pictures), "--batch", batch["id"], "--mapping", mapping(pictures), "--json")
        names["BASELINE"] = json.loads(done.stdout)["baseline"]["id"]
    done = scene(*(names.get(each, each) for each in arguments))
    assert (done.returncode, said in done.stderr) == (3, True), done.stderr
