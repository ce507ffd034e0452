"""What the sweep of a whole Scene takes and leaves."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from scene.beside import sweep_of
from scene.bootstrap import Scene
from scene.errors import SetupError, StorageError
from scene.settings import ServerSettings
from tests.conftest import MakeScene
from tests.support.describe import Story

DAYS = 3 * 86_400


def age(path: Path) -> None:
    then = time.time() - DAYS
    os.utime(path, (then, then))


def age_everything(scene: Scene) -> None:
    for path in (scene.settings.data_dir / "artifacts").rglob("*"):
        age(path)


@pytest.fixture
def scene(make_scene: MakeScene) -> Scene:
    """At work, with a store of its own: what others put would be swept too."""
    scene = make_scene()
    scene.start()
    return scene


def test_what_history_shows_stays_and_what_nothing_shows_goes(scene: Scene, client: TestClient, story: Story) -> None:
    shown = story.screenshots(story.executions(story.record(story.batch()))[0])[0]["picture"]
    stray = scene.artifacts.put_bytes(b"of an attempt that was killed before it was recorded")
    age_everything(scene)
    with sweep_of(scene.settings) as sweep:
        expected = sweep.run(dry_run=True)
        report = sweep.run()
    assert expected.blobs == report.blobs
    assert (report.blobs.set_aside, report.blobs.set_aside_bytes) == (1, stray.size)
    for file in (shown["image"], shown["thumbnail"]):
        assert client.get(file["url"]).status_code == 200


def test_what_a_deleted_project_showed_goes(scene: Scene, client: TestClient, story: Story) -> None:
    batch = story.batch()
    story.record(batch)
    story.compare(batch)
    assert client.delete(f"/api/projects/{story.project['id']}").status_code == 204
    age_everything(scene)
    with sweep_of(scene.settings) as sweep:
        assert sweep.run().blobs.set_aside >= 2, "at least a picture and its small version"
        age_everything(scene)
        assert sweep.run(dry_run=True).blobs.set_aside == 0


def test_a_picture_that_comes_back_after_a_sweep_is_whole(scene: Scene, client: TestClient, story: Story) -> None:
    batch = story.batch()
    shown = story.screenshots(story.executions(story.record(batch))[0])[0]["picture"]["image"]
    (scene.settings.data_dir / "artifacts" / shown["sha256"][:2] / shown["sha256"]).unlink()
    story.record(batch)
    assert len(client.get(shown["url"]).content) == shown["size"]


def test_files_of_dead_attempts_go_when_they_are_old(scene: Scene) -> None:
    work = scene.settings.work_dir
    for name in ("attempt-old", "attempt-new"):
        (work / name).mkdir(parents=True)
        (work / name / "frame.png").write_bytes(b"frame")
    (work / "scene-blob-old").write_bytes(b"copy")
    for name in ("attempt-old", "scene-blob-old"):
        age(work / name)
    with sweep_of(scene.settings) as sweep:
        assert sweep.run(dry_run=True).temporary == 2
        assert sweep.run().temporary == 2
    assert [path.name for path in work.iterdir()] == ["attempt-new"]


def test_a_server_sweeps_by_itself(make_scene: MakeScene) -> None:
    scene = make_scene(sweep_interval_seconds=0.05)
    stray = scene.artifacts.put_bytes(b"stray")
    age_everything(scene)
    scene.start()
    blob = scene.settings.data_dir / "artifacts" / stray.sha256[:2] / stray.sha256
    deadline = time.monotonic() + 30
    while blob.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert b"".join(scene.artifacts.read(stray.sha256)) == b"stray", "set aside, not gone"


def test_a_sweep_that_is_told_to_stop_says_that_it_is_not_complete(scene: Scene) -> None:
    scene.artifacts.put_bytes(b"one")
    with sweep_of(scene.settings) as sweep:
        assert not sweep.run(stopping=lambda: True).complete
        assert sweep.run().complete


def test_nothing_is_swept_when_the_database_does_not_answer(scene: Scene) -> None:
    stray = scene.artifacts.put_bytes(b"stray")
    age_everything(scene)
    settings = scene.settings.model_copy(
        update={"database_url": "postgresql://nobody@127.0.0.1:1/scene", "sweep_grace_seconds": 3_600}
    )
    with sweep_of(settings) as sweep, pytest.raises(StorageError):
        sweep.run()
    assert (scene.settings.data_dir / "artifacts" / stray.sha256[:2] / stray.sha256).exists()


def test_there_must_be_a_scene_to_sweep(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="there is no Scene in"), sweep_of(ServerSettings(data_dir=tmp_path / "none")):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_grace_is_never_shorter_than_an_hour() -> None:
    with pytest.raises(ValueError, match="sweep_grace_seconds"):
        ServerSettings(sweep_grace_seconds=timedelta(minutes=5).total_seconds())
