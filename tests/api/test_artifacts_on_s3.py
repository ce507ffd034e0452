"""Stored files of a Scene whose artifacts are in an object store."""

from collections.abc import Iterator
from typing import Any

import httpx2
import obstore
import pytest

from scene.artifacts.connect import connect
from scene.artifacts.keys import key_of
from scene.bootstrap import Scene
from scene.settings import ServerSettings
from tests.support.describe import Story
from tests.support.s3 import SECRET, S3Server

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/150.0"}


@pytest.fixture(scope="module", params=[False, True], ids=["streaming", "redirecting"])
def redirect(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, s3: S3Server, redirect: bool) -> Iterator[Scene]:
    settings = ServerSettings(
        data_dir=tmp_path_factory.mktemp("on-s3"),
        slots=1,
        imaging_workers=1,
        artifacts_url=f"s3://{s3.bucket()}/shop",
        s3_endpoint=s3.endpoint,
        artifacts_redirect=redirect,
    )
    with Scene(settings) as scene:
        yield scene


@pytest.fixture
def image(story: Story) -> dict[str, Any]:
    (screenshot,) = story.screenshots(story.executions(story.record(story.batch()))[0])
    return screenshot["picture"]["image"]


def fetch(story: Story, url: str, **headers: str) -> httpx2.Response:
    """As a program does that follows redirects, with the same headers."""
    answer = story.client.get(url, headers=headers, follow_redirects=False)
    return httpx2.get(answer.headers["location"], headers=headers) if answer.status_code == 307 else answer


def test_a_program_gets_the_bytes_and_ranges_of_them(story: Story, image: dict[str, Any], redirect: bool) -> None:
    answer = story.client.get(image["url"], follow_redirects=False)
    assert answer.status_code == (307 if redirect else 200)
    whole = fetch(story, image["url"])
    assert len(whole.content) == image["size"]
    part = fetch(story, image["url"], Range="bytes=8-15")
    assert (part.status_code, part.content) == (206, whole.content[8:16])
    assert part.headers["content-range"] == f"bytes 8-15/{image['size']}"


def test_what_a_program_has_is_not_sent_again(story: Story, image: dict[str, Any]) -> None:
    for tag in (f'"{image["sha256"]}"', fetch(story, image["url"]).headers["etag"]):
        answer = fetch(story, image["url"], **{"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b"")


def test_a_range_past_the_end_is_refused_here(story: Story, image: dict[str, Any]) -> None:
    answer = story.client.get(image["url"], headers={"Range": "bytes=99999999-"}, follow_redirects=False)
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")


def test_a_browser_is_served_from_here(story: Story, image: dict[str, Any]) -> None:
    answer = story.client.get(image["url"], headers=BROWSER, follow_redirects=False)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_deleted_blob_is_a_problem_document(story: Story, image: dict[str, Any], scene: Scene, s3: S3Server) -> None:
    obstore.delete(connect(str(scene.settings.artifacts_url), s3.options()), key_of(image["sha256"]))
    answer = story.client.get(image["url"], follow_redirects=False)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_health_names_the_store_and_no_secret(story: Story, s3: S3Server) -> None:
    health = story.client.get("/health")
    part = health.json()["artifacts"]
    assert part["ok"]
    assert part["detail"].startswith("s3://scene-")
    assert f"/shop at {s3.endpoint} answers" in part["detail"]
    assert SECRET not in health.text
