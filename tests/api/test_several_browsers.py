"""Chromium and Firefox in one matrix, and a browser that is not here."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scene.bootstrap import Scene
from tests.conftest import MakeScene
from tests.support.browsers import browser_here
from tests.support.describe import Story
from tests.support.site import Site

PATIENCE_SECONDS = 180
"""A Firefox takes seconds to start, more on a busy machine."""


@pytest.fixture
def firefox() -> None:
    """Without a Firefox the test is skipped at home and fails in CI."""
    browser_here("firefox")


@pytest.fixture
def scene(make_scene: MakeScene, tmp_path: Path) -> Iterator[Scene]:
    """At work, and without WebKit on any machine."""
    with make_scene(webkit=tmp_path / "no-such-browser") as scene:
        yield scene


def by_browser(story: Story, run: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {execution["browser"]: execution for execution in story.executions(run)}


def renderers(story: Story, run: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What captured the one picture of each browser."""
    executions = by_browser(story, run)
    return {browser: story.screenshots(each)[0]["renderer"] for browser, each in executions.items()}


@pytest.mark.usefixtures("firefox")
def test_both_browsers_are_recorded_found_unchanged_and_found_changed(story: Story, site: Site) -> None:
    batch = story.batch(story.task(browsers=["chromium", "firefox"]))
    started = story.run(batch, "baseline_recording")
    recorded = story.wait(started, PATIENCE_SECONDS)
    assert (started["warnings"], recorded["status"], recorded["summary"]["finished"]) == ([], "finished", 2)
    items = story.get(f"/api/baselines/{recorded['baseline_id']}/items")["items"]
    assert len({item["picture"]["sha256"] for item in items}) == 2, "engines draw the same page differently"

    unchanged = story.wait(story.run(batch), PATIENCE_SECONDS)
    assert (unchanged["verdict"], unchanged["passed"]) == ("unchanged", True)
    first, again = renderers(story, recorded), renderers(story, unchanged)
    assert first == again == {item["browser"]: item["renderer"] for item in items}
    for renderer in first.values():
        assert renderer["version"][0].isdigit()
        assert renderer["platform"].count("-") == 1
        assert (len(renderer["fonts_sha256"]), renderer["device_scale_factor"]) == (64, 1)
        assert renderer["flags"]
    assert (first["firefox"]["browser"], first["firefox"]["engine"]) == ("firefox", "moz-firefox")
    assert first["chromium"]["engine"] in ("chromium-headless-shell", "chromium")

    site.pages["/"] = "<!doctype html><title>Home</title><h1>Another home</h1><p>Welcome.</p>"
    changed = by_browser(story, story.wait(story.run(batch), PATIENCE_SECONDS))
    assert {browser: each["verdict"] for browser, each in changed.items()} == dict.fromkeys(first, "changed")


def test_a_browser_that_is_missing_is_said_before_the_run_and_the_others_go_on(story: Story) -> None:
    started = story.run(story.batch(story.task(browsers=["chromium", "webkit"])), "baseline_recording")
    (warning,) = started["warnings"]
    assert "webkit" in warning
    executions = by_browser(story, story.wait(started))
    assert executions["chromium"]["status"] == "finished"
    assert (executions["webkit"]["status"], executions["webkit"]["reason"]) == ("failed", "browser_unavailable")
    assert "no-such-browser" in executions["webkit"]["message"]


def test_a_browser_that_no_task_uses_may_be_missing(story: Story) -> None:
    assert story.run(story.batch())["warnings"] == []


@pytest.mark.usefixtures("firefox")
def test_both_browsers_leave_a_trace_and_a_video(story: Story) -> None:
    capture = {"trace": "always", "video": "always"}
    run = story.run(story.batch(story.task(browsers=["chromium", "firefox"], capture=capture)), "baseline_recording")
    executions = by_browser(story, story.wait(run, PATIENCE_SECONDS))
    assert {browser: each["status"] for browser, each in executions.items()} == dict.fromkeys(executions, "finished")
    for execution in executions.values():
        files = {file["type"]: file for file in story.get(f"/api/executions/{execution['id']}")["artifacts"]}
        assert files["trace"]["size"] > 1_000
        assert files["video"]["size"] > 1_000
