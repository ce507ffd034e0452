"""What an execution keeps beside its pictures, by policy."""

import io
import zipfile
from typing import Any

import pytest

from tests.support.describe import QUICK, Story
from tests.support.site import Site

PAGE = "<!doctype html><title>Page</title><h1>{}</h1><script>console.log('hello')</script>"
ALL = ("trace", "video", "har", "console", "network")

pytestmark = pytest.mark.live


def files(story: Story, execution: dict[str, Any]) -> dict[str, Any]:
    artifacts = story.get(f"/api/executions/{execution['id']}")["artifacts"]
    return {file["name"]: file for file in artifacts if file["type"] in ALL}


def compared(story: Story, site: Site, policies: dict[str, str], *, changed: bool) -> dict[str, Any]:
    """The one execution of a comparison."""
    site.pages["/"] = PAGE.format("Before")
    batch = story.batch(story.task(capture=QUICK | policies))
    story.record(batch)
    site.pages["/"] = PAGE.format("After" if changed else "Before")
    (execution,) = story.executions(story.compare(batch))
    assert execution["verdict"] == ("changed" if changed else "unchanged")
    return execution


def test_a_change_keeps_its_trace_and_logs_by_default(story: Story, site: Site) -> None:
    kept = files(story, compared(story, site, {}, changed=True))
    assert {name: file["media_type"] for name, file in kept.items()} == {
        "trace.zip": "application/zip",
        "console.jsonl": "application/x-ndjson",
        "network.jsonl": "application/x-ndjson",
        "egress.jsonl": "application/x-ndjson",
    }
    trace = story.client.get(kept["trace.zip"]["url"])
    assert zipfile.ZipFile(io.BytesIO(trace.content)).testzip() is None
    assert trace.headers["content-disposition"].startswith("attachment")


def test_what_is_unchanged_keeps_nothing_by_default(story: Story, site: Site) -> None:
    assert files(story, compared(story, site, {}, changed=False)) == {}


def test_what_is_always_wanted_is_kept_of_what_is_unchanged(story: Story, site: Site, ffmpeg: str) -> None:
    execution = compared(story, site, dict.fromkeys(ALL, "always"), changed=False)
    assert {file["type"] for file in files(story, execution).values()} == set(ALL)


def test_what_is_never_wanted_is_not_kept_of_a_change(story: Story, site: Site) -> None:
    assert files(story, compared(story, site, dict.fromkeys(ALL, "never"), changed=True)) == {}


def test_a_finished_recording_keeps_no_trace(story: Story) -> None:
    (execution,) = story.executions(story.record(story.batch()))
    assert {file["type"] for file in files(story, execution).values()} == {"network"}


def test_a_failed_recording_keeps_its_trace(story: Story, site: Site) -> None:
    site.statuses["/"] = 500
    (execution,) = story.executions(story.wait(story.run(story.batch(), "baseline_recording")))
    assert execution["reason"] == "status"
    assert "trace.zip" in files(story, execution)


def test_a_video_on_change_is_of_a_second_capture(story: Story, site: Site, ffmpeg: str) -> None:
    before = compared(story, site, {"video": "on_change"}, changed=False)
    assert files(story, before) == {}
    execution = compared(story, site, {"video": "on_change"}, changed=True)
    video = files(story, execution)["video.webm"]
    answer = story.client.get(video["url"], headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.content) == (206, b"\x1aE\xdf\xa3")
    assert answer.headers["content-type"] == "video/webm"
    (attempt,) = story.get(f"/api/executions/{execution['id']}")["attempts"]
    assert (attempt["steps"][-1]["name"], attempt["steps"][-1]["status"]) == ("video", "ok")
    (screenshot,) = story.screenshots(execution)
    assert len(screenshot["comparisons"]) == 1


def test_a_policy_that_does_not_exist_is_refused_by_name(story: Story) -> None:
    page = story.page()
    body = {"name": "T", "page_id": page["id"], "viewports": [], "capture": {"trace": "sometimes"}}
    answer = story.client.post(f"/api/projects/{story.project['id']}/tasks", json=body)
    assert answer.status_code == 422
    assert "capture.trace" in {error["field"] for error in answer.json()["errors"]}


def test_policies_of_the_project_hold_for_its_tasks(story: Story, site: Site) -> None:
    story.client.patch(f"/api/projects/{story.project['id']}", json={"capture": {"trace": "never", "har": "on_change"}})
    assert {"requests.har", "network.jsonl", "egress.jsonl", "console.jsonl"} == set(
        files(story, compared(story, site, {}, changed=True))
    )


def test_a_variable_with_a_telling_name_is_in_no_file(story: Story, site: Site) -> None:
    site.pages["/"] = PAGE.format("Home")
    task = story.task(page=story.page(preparatory_js="console.log('{{api_token}}'); document.title = '{{api_token}}'"))
    run = story.run(story.batch(task), variables={"api_token": "very-hush-hush"})
    (execution,) = story.executions(story.wait(run))
    kept = files(story, execution)
    assert "trace.zip" in kept
    for file in kept.values():
        content = story.client.get(file["url"]).content
        if file["type"] == "trace":
            with zipfile.ZipFile(io.BytesIO(content)) as trace:
                content = b"".join(trace.read(name) for name in trace.namelist())
        assert b"very-hush-hush" not in content
    assert b"[redacted]" in story.client.get(kept["console.jsonl"]["url"]).content
