"""The process launcher: its runners, their limits, and that nothing remains of them."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from scene.egress.proxy import Egress
from scene.launch.base import Ending
from scene.launch.process import ProcessLauncher
from scene_runner.protocol import CaptureJob, Json
from tests.launch.conftest import MakeJob, MakeLauncher, Runners, descendants
from tests.runner.pages import Pages
from tests.support.browsers import browser_here


def do_nothing(_: Json) -> None:
    pass


def finish(launcher: ProcessLauncher, job: CaptureJob) -> None:
    outcome = launcher.run("chromium", job, do_nothing)
    assert outcome.result is not None
    assert outcome.result.status == "finished"


def test_a_runner_is_kept_for_the_next_job(make_launcher: MakeLauncher, job: MakeJob, runners: Runners) -> None:
    launcher = make_launcher()
    finish(launcher, job("/normal"))
    first = runners()
    finish(launcher, job("/normal"))
    assert len(first) == 1
    assert runners() == first


def test_a_runner_ends_after_its_number_of_jobs(make_launcher: MakeLauncher, job: MakeJob, runners: Runners) -> None:
    launcher = make_launcher(jobs_per_runner=2)
    finish(launcher, job("/normal"))
    (runner,) = runners()
    tree = descendants(runner)
    finish(launcher, job("/normal"))
    assert psutil.wait_procs(tree, timeout=30)[1] == []
    finish(launcher, job("/normal"))
    assert runners() != [runner]


def test_a_runner_that_is_not_needed_ends(make_launcher: MakeLauncher, job: MakeJob, runners: Runners) -> None:
    finish(make_launcher(idle_seconds=0.1), job("/normal"))
    assert psutil.wait_procs(runners(), timeout=10)[1] == []


def test_a_runner_that_died_idle_is_replaced(make_launcher: MakeLauncher, job: MakeJob, runners: Runners) -> None:
    launcher = make_launcher()
    finish(launcher, job("/normal"))
    tree = descendants(runners()[0])
    runners()[0].kill()
    finish(launcher, job("/normal"))
    assert psutil.wait_procs(tree, timeout=30)[1] == []


def test_closing_leaves_nothing(make_launcher: MakeLauncher, job: MakeJob, runners: Runners) -> None:
    launcher = make_launcher()
    finish(launcher, job("/normal"))
    (runner,) = runners()
    tree = descendants(runner)
    launcher.close()
    assert len(tree) > 4
    assert psutil.wait_procs(tree, timeout=30)[1] == []
    assert list(Path(tempfile.gettempdir()).glob(f"scene-runner-{runner.pid}-*")) == []


def test_a_runner_that_is_killed_from_outside_is_a_crash(
    make_launcher: MakeLauncher, job: MakeJob, runners: Runners
) -> None:
    tree: list[psutil.Process] = []

    def kill_runner(event: Json) -> None:
        if event.get("step", {}).get("name") == "goto":
            tree.extend(descendants(runners()[0]))
            tree[0].kill()

    launcher = make_launcher()
    outcome = launcher.run("chromium", job("/normal", wait_before_capture_ms=20_000), kill_runner)
    assert (outcome.ending, outcome.exit_code) == (Ending.CRASH, -9)
    assert psutil.wait_procs(tree, timeout=30)[1] == []
    finish(launcher, job("/normal"))


def test_a_deaf_runner_meets_the_deadline(make_launcher: MakeLauncher, job: MakeJob, runners: Runners) -> None:
    tree: list[psutil.Process] = []

    def deafen(event: Json) -> None:
        if event.get("step", {}).get("name") == "goto":
            tree.extend(descendants(runners()[0]))
            tree[0].suspend()

    launcher = make_launcher(grace_seconds=0.3)
    finish(launcher, job("/normal"))  # the time of the next one does not go into starting a browser
    outcome = launcher.run("chromium", job("/normal", execution_timeout_ms=4_000), deafen)
    assert outcome.ending is Ending.DEADLINE
    assert "4 s" in outcome.message
    assert psutil.wait_procs(tree, timeout=30)[1] == []


def test_a_page_that_needs_too_much_memory_is_told_apart(
    make_launcher: MakeLauncher, job: MakeJob, runners: Runners
) -> None:
    hog = (
        "const kept = []; for (;;) { kept.push(new Uint8Array(2e7).fill(1)); await new Promise(r => setTimeout(r, 5)) }"
    )
    launcher = make_launcher(memory_limit_bytes=700 << 20)
    outcome = launcher.run("chromium", job("/normal", task_js=hog, script_timeout_ms=60_000), do_nothing)
    assert outcome.ending is Ending.OUT_OF_MEMORY
    assert "of 700 MiB" in outcome.message
    assert runners() == []


def test_a_runner_sees_no_secret_of_the_server(
    make_launcher: MakeLauncher, job: MakeJob, monkeypatch: pytest.MonkeyPatch, runners: Runners
) -> None:
    monkeypatch.setenv("SCENE_SECRET_KEY", "word")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "word")
    finish(make_launcher(), job("/normal"))
    (runner,) = runners()
    for process in [runner, *runner.children()]:
        assert "word" not in process.environ().values()


def test_a_listener_that_fails_leaves_no_runner(make_launcher: MakeLauncher, job: MakeJob, runners: Runners) -> None:
    def fail(_: Json) -> None:
        raise LookupError("the listener's own")

    with pytest.raises(LookupError):
        make_launcher().run("chromium", job("/normal"), fail)
    assert runners() == []


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_pages_go_through_the_proxy_where_there_is_one(make_launcher: MakeLauncher, job: MakeJob, browser: str) -> None:
    browser_here(browser)
    here = job("/normal")
    outcome = make_launcher(egress=Egress(loopback=True)).run(browser, here, do_nothing)
    assert outcome.result is not None
    assert outcome.result.status == "finished"
    assert here.url in Path(here.output_dir, "egress.jsonl").read_text()
    assert "egress.jsonl" in {file.file for file in outcome.result.files}


@pytest.mark.parametrize("lists", [{"allowed_hosts": ["127.0.0.1"]}, {"denied_hosts": ["*.example.org"]}, {}])
def test_lists_of_hosts_are_kept_by_the_proxy_where_others_do_without(
    make_launcher: MakeLauncher, job: MakeJob, lists: dict[str, list[str]]
) -> None:
    here = job("/normal", network=True, **lists)
    finish(make_launcher(egress=Egress(loopback=True), only_listed=True), here)
    assert Path(here.output_dir, "egress.jsonl").exists() is bool(lists)


def test_what_the_proxy_refuses_is_said_in_its_words(make_launcher: MakeLauncher, job: MakeJob) -> None:
    outcome = make_launcher(egress=Egress(loopback=False)).run("chromium", job("/normal"), do_nothing)
    assert outcome.result is not None
    assert outcome.result.reason == "navigation"
    assert outcome.result.message.endswith("it is Scene's own machine, which SCENE_LOOPBACK_PAGES does not allow.")


def test_the_sandbox_is_on_unless_we_are_root(make_launcher: MakeLauncher) -> None:
    assert make_launcher().sandbox is (os.geteuid() != 0)


def test_a_killed_server_leaves_nothing(pages: Pages, tmp_path: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.launch.server_that_hangs", f"{pages.url}/normal", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    assert server.stdout.readline() == "hanging\n"
    tree = descendants(psutil.Process(server.pid))
    server.kill()
    server.wait()
    assert len(tree) > 6
    assert psutil.wait_procs(tree[1:], timeout=30)[1] == []
    assert list(Path(tempfile.gettempdir()).glob(f"scene-runner-{tree[1].pid}-*")) == []
    server.stdout.close()
