"""What every launcher promises."""

import hashlib
import threading
import time
from pathlib import Path

from scene.launch.base import Ending, Launcher, Outcome
from scene_runner.protocol import Action, CaptureJob, Json
from tests.launch.conftest import MakeJob


def run(launcher: Launcher, job: CaptureJob) -> Outcome:
    return launcher.run("chromium", job, lambda _: None)


def run_until(launcher: Launcher, job: CaptureJob, step: str, reached: threading.Event) -> Outcome:
    """Run a job and say when it has passed a step."""

    def on_event(event: Json) -> None:
        if event.get("step", {}).get("name") == step:
            reached.set()

    return launcher.run("chromium", job, on_event)


def test_a_job_ends_with_its_result_and_its_files(launcher: Launcher, job: MakeJob) -> None:
    normal = job("/normal")
    outcome = run(launcher, normal)
    assert (outcome.ending, outcome.message) == (Ending.RESULT, "")
    assert outcome.result is not None
    assert (outcome.result.id, outcome.result.status) == (normal.id, "finished")
    picture = Path(normal.output_dir, outcome.result.captures[0].file).read_bytes()
    assert hashlib.sha256(picture).hexdigest() == outcome.result.captures[0].sha256


def test_a_job_that_fails_ends_with_its_result_too(launcher: Launcher, job: MakeJob) -> None:
    outcome = run(launcher, job("/status/404"))
    assert (outcome.ending, outcome.result and outcome.result.reason) == (Ending.RESULT, "status")


def test_events_arrive_while_the_job_runs(launcher: Launcher, job: MakeJob) -> None:
    events: list[Json] = []
    normal = job("/normal")
    launcher.run("chromium", normal, events.append)
    assert events[0] == {"event": "started", "id": normal.id}
    assert {event["event"] for event in events[1:]} == {"step"}
    assert events[1]["step"]["name"] == "runner"
    assert events[1]["step"]["detail"].startswith({"process": "process ", "docker": "container "}[launcher.name])


def test_jobs_run_side_by_side(launcher: Launcher, job: MakeJob) -> None:
    outcomes: list[Outcome] = []
    threads = [threading.Thread(target=lambda: outcomes.append(run(launcher, job("/normal")))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [outcome.ending for outcome in outcomes] == [Ending.RESULT] * 3


def test_every_browser_is_listed_with_what_is_missing(launcher: Launcher) -> None:
    states = {state.name: state for state in launcher.browsers()}
    assert set(states) == {"chromium", "firefox", "webkit"}
    assert states["chromium"].available
    assert all(state.available or "install" in state.detail for state in states.values())


def test_a_browser_that_nobody_knows_is_unavailable(launcher: Launcher, job: MakeJob) -> None:
    outcome = launcher.run("netscape", job("/normal"), lambda _: None)
    assert (outcome.ending, "netscape" in outcome.message) == (Ending.UNAVAILABLE, True)


def test_a_killed_job_ends_well_within_two_seconds(launcher: Launcher, job: MakeJob) -> None:
    endless, reached, outcomes = job("/normal", task_js="for (;;);", script_timeout_ms=60_000), threading.Event(), []
    thread = threading.Thread(target=lambda: outcomes.append(run_until(launcher, endless, "goto", reached)))
    thread.start()
    assert reached.wait(30)
    started = time.monotonic()
    launcher.kill(endless.id)
    thread.join()
    assert time.monotonic() - started < 2
    assert outcomes[0].ending is Ending.KILLED
    assert run(launcher, job("/normal")).ending is Ending.RESULT


def test_killing_what_does_not_run_does_nothing(launcher: Launcher, job: MakeJob) -> None:
    launcher.kill("nobody")
    assert run(launcher, job("/normal")).ending is Ending.RESULT


def test_closing_ends_jobs_that_run(launcher: Launcher, job: MakeJob) -> None:
    endless, reached, outcomes = job("/normal", wait_before_capture_ms=60_000), threading.Event(), []
    thread = threading.Thread(target=lambda: outcomes.append(run_until(launcher, endless, "goto", reached)))
    thread.start()
    assert reached.wait(30)
    launcher.close()
    thread.join(30)
    assert outcomes[0].ending is Ending.KILLED


def test_a_job_that_is_asked_to_end_does_so_before_its_next_step(launcher: Launcher, job: MakeJob) -> None:
    wait = [Action(type="wait", timeout_ms=10_000, arguments={"ms": 300})] * 60
    long, reached, outcomes = job("/normal", task_actions=wait), threading.Event(), []
    thread = threading.Thread(target=lambda: outcomes.append(run_until(launcher, long, "goto", reached)))
    thread.start()
    assert reached.wait(30)
    assert launcher.ask_to_end(long.id) is True
    thread.join(15)
    result = outcomes[0].result
    assert (outcomes[0].ending, result.status, result.reason) == (Ending.RESULT, "failed", "soft_stop")
    assert "asked to stop" in result.message
    assert [step.name for step in result.steps][-1].startswith("task_actions") or "goto" in result.steps[-1].name
    assert run(launcher, job("/normal")).result.status == "finished", "the next job is not asked"


def test_asking_what_does_not_run_to_end_does_nothing(launcher: Launcher, job: MakeJob) -> None:
    assert launcher.ask_to_end("nobody") is False
    assert run(launcher, job("/normal")).ending is Ending.RESULT
