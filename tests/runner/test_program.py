"""The runner as a program: its events and files, its browser, its end."""

import json
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from scene_runner.protocol import BrowserChoice, Json, load_result
from tests.runner.conftest import Capture, in_both_browsers
from tests.runner.pages import Pages
from tests.runner.program import FULL, VIEWPORT, RunnerProgram, make_job


def kill_all(processes: Iterable[psutil.Process]) -> None:
    """Some end by themselves when others of them are killed."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def test_events_tell_of_each_step_as_it_ends(capture: Capture) -> None:
    captured = capture("/normal")
    assert captured.events[0] == {"event": "started", "id": captured.job.id}
    assert [event["step"]["name"] for event in captured.events[1:]] == ["context", "goto", "settle", "capture full"]


@in_both_browsers
def test_the_result_and_the_logs_are_left_as_files(capture: Capture) -> None:
    captured = capture("/console")
    assert {file.type for file in captured.result.files} == {"console", "network", "step_log", "result"}
    assert load_result(json.loads(captured.path("result.json").read_text())).status == "finished"
    lines = [json.loads(line) for line in captured.path("console.jsonl").read_text().splitlines()]
    assert [line["text"] for line in lines] == ["first words", "second", "Uncaught third"]


def test_a_page_that_logs_without_end_has_a_bounded_log(capture: Capture) -> None:
    lines = capture("/chatter").path("console.jsonl").read_text().splitlines()
    assert len(lines) == 2001
    assert "More was logged" in lines[-1]


@in_both_browsers
def test_a_crashed_page_fails_its_job_and_not_the_next(runner: RunnerProgram, pages: Pages, tmp_path: Path) -> None:
    def crash(event: Json) -> None:
        if event.get("step", {}).get("name") == "goto":
            threading.Timer(1, lambda: kill_all(runner.renderers())).start()

    crashed = runner.run(make_job(f"{pages.url}/normal", tmp_path, wait_before_capture_ms=20_000), crash)
    assert crashed.result.reason == "crash"
    # A Firefox ends with the page.
    assert crashed.result.message in ("The page's process crashed.", "The browser went away in the middle of the job.")
    assert runner.run(make_job(f"{pages.url}/normal", tmp_path)).result.status == "finished"


@pytest.mark.parametrize("path", ["/carousel", "/moving-and-long"])
def test_a_page_that_hangs_or_crashes_while_it_is_captured_ends_its_job(
    choice: BrowserChoice, pages: Pages, tmp_path: Path, path: str
) -> None:
    def crash(event: Json) -> None:
        if event.get("step", {}).get("name") == "settle":
            kill_all(crashing.renderers())

    hanging, crashing = RunnerProgram(choice), RunnerProgram(choice)
    options = {"targets": [VIEWPORT, FULL], "freeze_animations": False, "stability_timeout_ms": 20_000}
    hang = "setTimeout(() => { for (;;); }, 500)"
    hung = hanging.run(make_job(pages.url + path, tmp_path, task_js=hang, execution_timeout_ms=3_000, **options))
    crashed = crashing.run(make_job(pages.url + path, tmp_path, **options), crash)
    assert (hung.result.reason, crashed.result.reason) == ("timeout", "crash")
    assert max(hung.result.duration_ms, crashed.result.duration_ms) < 15_000
    hanging.end()
    crashing.end()


@in_both_browsers
def test_a_browser_that_is_gone_is_launched_again(choice: BrowserChoice, pages: Pages, tmp_path: Path) -> None:
    runner = RunnerProgram(choice)

    def kill_browser(event: Json) -> None:
        if event.get("step", {}).get("name") == "goto":
            kill_all(runner.tree()[2:])

    lost = runner.run(make_job(f"{pages.url}/normal", tmp_path, wait_before_capture_ms=20_000), kill_browser)
    again = runner.run(make_job(f"{pages.url}/normal", tmp_path))
    assert lost.result.reason == "crash"
    assert (again.result.status, again.result.steps[0].name) == ("finished", "launch")
    assert runner.end() == 0


@in_both_browsers
def test_a_closed_stdin_ends_everything_though_the_page_hangs(
    choice: BrowserChoice, pages: Pages, tmp_path: Path
) -> None:
    runner = RunnerProgram(choice)
    started: list[psutil.Process] = []

    def remember(event: Json) -> None:
        if event.get("step", {}).get("name") == "goto":
            started.extend(runner.tree())
            assert runner.process.stdin
            runner.process.stdin.close()

    job = make_job(f"{pages.url}/normal", tmp_path, task_js="for (;;);", script_timeout_ms=60_000)
    with suppress(AssertionError):  # it ends without a result
        runner.run(job, remember)
    assert runner.process.wait(30) == 0
    assert psutil.wait_procs(started, timeout=30)[1] == []
    assert len(started) > 5
    assert runner.process.stdout
    runner.process.stdout.close()


def test_a_browser_that_cannot_be_driven_is_reported(choice: BrowserChoice) -> None:
    runner = RunnerProgram(BrowserChoice("chromium", executable="/bin/true", sandbox=False))
    assert runner.first_event["event"] == "unavailable"
    assert "did not start" in runner.first_event["message"]
    runner.end()


def test_a_job_that_is_none_is_refused_and_the_next_one_works(
    runner: RunnerProgram, pages: Pages, tmp_path: Path
) -> None:
    runner.send('{"id": "x", "targets": []}')
    refused = load_result(runner.next_event()["result"])
    assert (refused.id, refused.reason) == ("x", "internal")
    assert runner.run(make_job(f"{pages.url}/normal", tmp_path)).result.status == "finished"
