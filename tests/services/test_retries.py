"""A page that fails at first and answers at the next attempt."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.records import SYSTEM
from scene.server import create_app
from scene.settings import ServerSettings
from tests.support.describe import QUICK, Story
from tests.support.loopback import Loopback


class Flaky(Loopback):
    """Breaks the connection off for so many visits of a page, then serves it."""

    def __init__(self) -> None:
        self.failures = 0
        self.moving = False
        super().__init__(_Handler)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site: Flaky = self.server.site  # type: ignore[attr-defined]
        if self.path != "/":
            self.send_error(404)
            return
        if site.failures:
            site.failures -= 1
            self.close_connection = True
            return
        body = b"<!doctype html><h1>Here</h1>"
        if site.moving:
            site.moving = False
            body += b"<p id=n></p><script>let i = 0; setInterval(() => { n.textContent = i++ }, 20)</script>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not on the tests' own output."""


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Tries three times, without waiting for long."""
    folder: Path = tmp_path_factory.mktemp("patient")
    with Scene(ServerSettings(data_dir=folder, slots=2, imaging_workers=1)) as scene:
        quick = {"attempts": 3, "retry_backoff_seconds": 0}
        scene.services.configuration.update(quick, None, SYSTEM)
        yield scene


@pytest.fixture
def site() -> Iterator[Flaky]:
    with Flaky() as site:
        yield site


@pytest.fixture
def story(patient: Scene, site: Flaky) -> Iterator[Story]:
    with TestClient(create_app(patient.services, patient.settings), base_url="http://127.0.0.1:8000") as client:
        yield Story(client, site.url)


def test_a_page_that_answers_at_the_third_attempt_is_captured(story: Story, site: Flaky) -> None:
    site.failures = 2
    run = story.record(story.batch())
    assert (run["status"], bool(run["baseline_id"])) == ("finished", True)
    [execution] = story.executions(run)
    detail = story.get(f"/api/executions/{execution['id']}")
    assert [attempt["reason"] for attempt in detail["attempts"]] == ["navigation", "navigation", None]
    assert {file["attempt"] for file in detail["artifacts"] if file["type"] == "step_log"} >= {1, 2}


def test_a_page_that_never_answers_fails_after_its_attempts(story: Story, site: Flaky) -> None:
    site.failures = 100
    run = story.record(story.batch())
    [execution] = story.executions(run)
    assert (execution["status"], execution["reason"], execution["attempt"]) == ("failed", "navigation", 3)


def test_a_page_that_moved_once_is_compared_when_it_stands_still(story: Story, site: Flaky) -> None:
    batch = story.batch(story.task(capture=QUICK))
    story.record(batch)
    site.moving = True
    run = story.compare(batch)
    [execution] = story.executions(run)
    assert (execution["attempt"], execution["verdict"]) == (2, "unchanged")
    first = story.get(f"/api/executions/{execution['id']}")["attempts"][0]
    assert (first["reason"], first["message"]) == ("unstable", "full never stood still.")
