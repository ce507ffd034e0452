"""Traces, HAR files, videos and network logs: kept when they are wanted, and never with a secret."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scene_runner import har
from scene_runner.har import TooLarge, redact_har, redact_trace
from scene_runner.protocol import Action, BrowserChoice, TargetJob
from scene_runner.redact import Redactor
from tests.runner.conftest import Capture, in_both_browsers
from tests.runner.pages import SESSION_COOKIE, SESSION_TOKEN, Pages
from tests.runner.program import Captured, RunnerProgram, make_job

KEY = 'k3y of "the" page/+ü'
PASSWORD = "open-sesame"


def kinds(captured: Captured) -> set[str]:
    return {file.type for file in captured.result.files} - {"step_log", "result", "console", "network"}


def steps(captured: Captured) -> list[str]:
    return [step.name for step in captured.result.steps]


def known(captured: Captured) -> list[TargetJob]:
    return [TargetJob("full", "full", known={"full": captured.sha256})]


def test_a_trace_is_kept_when_the_picture_is_not_the_expected_one(capture: Capture) -> None:
    captured = capture("/normal", trace="on_change")
    assert kinds(captured) == {"trace"}
    with zipfile.ZipFile(captured.path("trace.zip")) as trace:
        assert trace.testzip() is None
        assert b'"frame-snapshot"' in trace.read("trace.trace")
        assert not [name for name in trace.namelist() if name.endswith((".jpeg", ".stacks"))]


@in_both_browsers
def test_a_trace_tells_what_was_done_and_not_what_the_runner_asked(capture: Capture) -> None:
    targets = [TargetJob("full", "full"), TargetJob("element:words", "element", selector="h1")]
    captured = capture("/normal", trace="always", targets=targets)
    with zipfile.ZipFile(captured.path("trace.zip")) as trace:
        told = [json.loads(line) for line in trace.read("trace.trace").splitlines()]
    calls = {each["callId"]: each for each in told if each["type"] == "before"}
    groups = {call["callId"]: call["title"] for call in calls.values() if call["method"] == "tracingGroup"}
    assert list(groups.values()) == ["The full page", "The element words#1"]
    asked = [each for each in calls.values() if each["method"] == "evaluateExpression"]
    assert [groups[each["parentId"]] for each in asked] == list(groups.values())
    pictured = {each["snapshot"]["callId"] for each in told if each["type"] == "frame-snapshot"}
    assert {each["callId"] for each in asked} < pictured <= set(calls)


def test_nothing_is_kept_of_what_is_expected(capture: Capture) -> None:
    first = capture("/normal")
    again = capture("/normal", trace="on_change", har="on_change", targets=known(first))
    assert (kinds(again), again.sha256) == (set(), first.sha256)
    assert "evidence" not in steps(again)


def test_what_is_always_wanted_is_kept_of_what_is_expected(capture: Capture) -> None:
    first = capture("/normal")
    assert kinds(capture("/normal", trace="always", har="always", targets=known(first))) == {"trace", "har"}


def test_a_failure_keeps_its_trace_and_the_picture_of_that_moment(capture: Capture) -> None:
    captured = capture("/status/500", trace="on_failure", har="on_failure")
    assert (captured.result.status, kinds(captured)) == ("failed", {"screenshot", "trace", "har"})
    (entry,) = json.loads(captured.path("requests.har").read_text())["log"]["entries"]
    assert entry["response"]["status"] == 500


def test_a_recording_that_goes_well_keeps_nothing(capture: Capture) -> None:
    assert kinds(capture("/normal", trace="on_failure", har="on_failure")) == set()


def test_a_reference_page_that_differs_keeps_both_traces(capture: Capture, pages: Pages) -> None:
    first = capture("/normal")
    reference = f"{pages.url}/arrived"
    captured = capture("/normal", trace="on_change", reference_url=reference, targets=known(first))
    assert {file.file for file in captured.result.files if file.type == "trace"} == {
        "trace.zip",
        "reference-trace.zip",
    }


def test_the_trace_of_a_page_that_was_killed_is_kept_or_said_to_be_lost(capture: Capture) -> None:
    captured = capture("/busy-later", trace="on_change", settle_timeout_ms=500)
    assert captured.result.status == "failed"
    kept = any(file.type == "trace" for file in captured.result.files)
    assert kept != ("lost with the page" in captured.result.steps[-1].detail)


def test_the_network_log_has_a_line_for_each_request(capture: Capture) -> None:
    lines = [json.loads(line) for line in capture("/broken-image").path("network.jsonl").read_text().splitlines()]
    assert {(line["type"], line["status"]) for line in lines} == {("document", 200), ("image", 404)}
    assert all(line["took_ms"] > 0 for line in lines)


def test_logs_that_are_not_wanted_are_not_written(capture: Capture) -> None:
    captured = capture("/console", console=False, network=False)
    assert not captured.path("console.jsonl").exists()
    assert not captured.path("network.jsonl").exists()


def test_a_video_is_recorded(capture: Capture, ffmpeg: str) -> None:
    captured = capture("/carousel", video=True, stability_timeout_ms=300)
    assert "video" in kinds(captured)
    assert captured.path("video.webm").read_bytes()[:4] == b"\x1aE\xdf\xa3"


def test_without_ffmpeg_the_step_log_says_why_there_is_no_video(
    choice: BrowserChoice, pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    runner = RunnerProgram(choice)
    captured = runner.run(make_job(f"{pages.url}/normal", tmp_path, video=True))
    runner.end()
    assert (captured.result.status, kinds(captured)) == ("finished", set())
    assert "no video: Playwright finds no ffmpeg" in captured.result.steps[0].detail


def test_recordings_do_not_change_the_picture(capture: Capture) -> None:
    plain = capture("/long")
    recorded = capture("/long", trace="always", har="always", video=True)
    assert recorded.sha256 == plain.sha256


def test_nothing_raw_is_left_behind(capture: Capture, runner: RunnerProgram) -> None:
    capture("/secrets", trace="always", har="always", video=True, headers={"X-Key": KEY})
    capture("/normal")
    (folder,) = Path("/tmp").glob(f"scene-runner-{runner.process.pid}-*")
    assert [path for path in (folder / "scratch").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("secret", [KEY, SESSION_COOKIE, SESSION_TOKEN, PASSWORD, "token=mine"])
def test_no_secret_is_in_any_file_or_event(echoes: Captured, secret: str) -> None:
    """Every byte of everything, archives unpacked."""
    assert kinds(echoes) == {"trace", "har"}
    forms = {secret, json.dumps(secret)[1:-1], secret.replace('"', "&quot;"), secret.replace('"', "&#34;")}
    for name, content in _everything(echoes):
        for form in forms:
            assert form.encode() not in content, name
        assert b"k3y" not in content, name


def test_what_is_no_secret_is_still_there(echoes: Captured) -> None:
    everything = b"".join(content for _, content in _everything(echoes))
    for words in (b"the key is", b"/normal?q=[redacted]", b"X-Echo", b"?token=[redacted]", b"Alice"):
        assert words in everything, words


@pytest.fixture
def echoes(capture: Capture) -> Captured:
    actions = [
        Action("fill", 2_000, arguments={"selector": "#secret", "value": PASSWORD}),
        Action("fill", 2_000, arguments={"selector": "#name", "value": "Alice"}),
        Action("wait", 2_000, arguments={"ms": 300}),
    ]
    return capture("/secrets", headers={"X-Key": KEY}, trace="always", har="always", task_actions=actions)


def _everything(captured: Captured) -> list[tuple[str, bytes]]:
    found = [("events", json.dumps([*captured.events, vars(captured.result)], default=vars).encode())]
    for path in Path(captured.job.output_dir).iterdir():
        found.append((path.name, path.read_bytes()))
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                found += [(f"{path.name}:{name}", archive.read(name)) for name in archive.namelist()]
    return found


def _har(entries: int) -> dict[str, Any]:
    side = {"headers": [], "cookies": []}
    entry = {"request": {**side, "url": "https://example.org/", "queryString": []}, "response": side}
    return {"log": {"version": "1.2", "entries": [entry] * entries}}


def test_a_har_that_is_too_large_is_cut_off_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har, "MAX_HAR_BYTES", 500)
    raw, kept = tmp_path / "raw.har", tmp_path / "kept.har"
    raw.write_text(json.dumps(_har(20)))
    redact_har(raw, kept, Redactor())
    log = json.loads(kept.read_text())["log"]
    assert 0 < len(log["entries"]) < 20
    assert log["comment"] == f"Cut off: {20 - len(log['entries'])} of 20 requests are not in this file."


def test_a_trace_that_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har, "MAX_TRACE_BYTES", 10)
    raw = tmp_path / "raw.zip"
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("trace.trace", "x" * 100)
    with pytest.raises(TooLarge):
        redact_trace(raw, tmp_path / "kept.zip", Redactor())
