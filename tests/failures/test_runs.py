"""What a failing artifact store means for a run: the executions that need it fail with ``storage``, the others go on,
and the next run is well when the store is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.server import create_app
from scene.settings import ServerSettings
from tests.support.describe import Story
from tests.support.disk import small_disk
from tests.support.proxy import Mood, Proxy
from tests.support.s3 import S3Server
from tests.support.site import Site


@contextmanager
def at_work(folder: Path, site: Site, **settings: Any) -> Iterator[Story]:
    own = ServerSettings(data_dir=folder, slots=2, imaging_workers=1, artifacts_timeout_seconds=1, **settings)
    with (
        Scene(own) as scene,
        TestClient(create_app(scene.services, own), base_url="http://127.0.0.1:8000") as client,
    ):
        yield Story(client, site.url)


def two_pages(story: Story, site: Site) -> dict[str, Any]:
    """A recorded batch of a page that will change, and one that will not."""
    site.pages["/changing"], site.pages["/steady"] = "<h1>Before</h1>", "<h1>Steady</h1>"
    batch = story.batch(story.task(story.page("/changing")), story.task(story.page("/steady")))
    assert story.record(batch)["baseline_id"]
    site.pages["/changing"] = "<h1>After, and longer</h1>"
    return batch


def outcomes(story: Story, run: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(each["status"], each["reason"], each["verdict"]) for each in story.executions(run)]


WELL = [("finished", None, "changed"), ("finished", None, "unchanged")]
ONE_FAILED = [("failed", "storage", None), ("finished", None, "unchanged")]


def test_a_deleted_baseline_picture_fails_its_comparison_alone(tmp_path: Path, site: Site) -> None:
    with at_work(tmp_path, site) as story:
        batch = two_pages(story, site)
        baseline = story.get("/api/baselines", batch=batch["id"])["items"][0]
        item = story.get(f"/api/baselines/{baseline['id']}/items")["items"][0]
        digest = item["picture"]["sha256"]
        (tmp_path / "artifacts" / digest[:2] / digest).unlink()
        run = story.compare(batch)
        assert outcomes(story, run) == ONE_FAILED
        assert digest in story.executions(run)[0]["message"]
        gone = story.client.get(item["picture"]["image"]["url"])
        assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
        site.pages["/changing"] = "<h1>Before</h1>"
        story.record(batch)
        assert story.client.get(item["picture"]["image"]["url"]).status_code == 200, "a new capture mends it"


@pytest.mark.parametrize("mood", [Mood.GONE, Mood.FAILING, Mood.HANGING])
def test_an_object_store_that_fails_during_a_run(tmp_path: Path, site: Site, s3: S3Server, mood: Mood) -> None:
    with (
        Proxy(s3.port) as proxy,
        at_work(tmp_path, site, artifacts_url=f"s3://{s3.bucket()}", s3_endpoint=proxy.endpoint) as story,
    ):
        batch = two_pages(story, site)
        proxy.mood = mood
        run = story.compare(batch)
        health = story.client.get("/health").json()["artifacts"]
        proxy.mood = Mood.WELL
        assert outcomes(story, run) == ONE_FAILED
        assert "The artifact store did not" in story.executions(run)[0]["message"]
        assert not health["ok"]
        assert health["detail"].startswith("s3://")
        assert outcomes(story, story.compare(batch)) == WELL


def test_an_object_store_that_cuts_large_files_off_during_a_run(tmp_path: Path, site: Site, s3: S3Server) -> None:
    bucket = f"s3://{s3.bucket()}"
    with (
        Proxy(s3.port) as proxy,
        at_work(tmp_path, site, artifacts_url=bucket, s3_endpoint=proxy.endpoint) as story,
    ):
        batch = two_pages(story, site)
        site.pages["/changing"] = "<div style='height:440px;background:conic-gradient(red,blue,lime,red)'></div>"
        proxy.mood = Mood.CUTTING_REQUESTS
        run = story.compare(batch)
        proxy.mood = Mood.WELL
        assert outcomes(story, run) == ONE_FAILED
        assert "it broke the connection" in story.executions(run)[0]["message"]
        assert outcomes(story, story.compare(batch)) == WELL


def test_a_full_disk_during_a_run(tmp_path: Path, site: Site) -> None:
    with small_disk(tmp_path / "small", megabytes=2) as disk:
        url = (disk.folder / "artifacts").as_uri()
        with at_work(tmp_path / "data", site, artifacts_url=url) as story:
            batch = two_pages(story, site)
            disk.fill()
            run = story.compare(batch)
            assert outcomes(story, run) == ONE_FAILED
            assert "its disk is full" in story.executions(run)[0]["message"]
            disk.empty()
            assert outcomes(story, story.compare(batch)) == WELL
