"""How the ends of a container are told apart, and that none is left."""

import subprocess
import sys
import time
from pathlib import Path

import docker
import pytest

from scene.launch.base import Ending
from scene.launch.docker.engine import Engine
from scene.launch.docker.launcher import DockerLauncher
from tests.containers.conftest import Hanging, MakeJob, finished
from tests.runner.program import make_job
from tests.support.disk import small_disk
from tests.support.engine import ContainerEngine
from tests.support.site import Site


def test_a_hard_stop_leaves_no_container(containers: ContainerEngine, job: MakeJob) -> None:
    launcher = containers.launcher()
    endless = job(task_js="for (;;);", script_timeout_ms=60_000)
    with Hanging(launcher, endless) as hanging:
        assert len(containers.of(launcher)) == 1
        began = time.monotonic()
        launcher.kill(endless.id)
        outcome = hanging.outcome()
        assert time.monotonic() - began < 2, "a promise of the service"
        assert containers.of(launcher) == []
    assert outcome.ending is Ending.KILLED


def test_a_container_that_somebody_kills_is_a_crash(
    launcher: DockerLauncher, job: MakeJob, containers: ContainerEngine
) -> None:
    with Hanging(launcher, job(wait_before_capture_ms=60_000)) as hanging:
        containers.engine.client.kill(launcher.busy()[0])
        outcome = hanging.outcome()
    assert (outcome.ending, outcome.exit_code) == (Ending.CRASH, 137)


def test_a_container_that_does_nothing_meets_the_deadline(containers: ContainerEngine, job: MakeJob) -> None:
    launcher = containers.launcher(limits={"grace_seconds": 0.3})
    with Hanging(launcher, job(wait_before_capture_ms=60_000, execution_timeout_ms=6_000)) as hanging:
        containers.engine.client.pause(launcher.busy()[0])
        outcome = hanging.outcome()
    assert outcome.ending is Ending.DEADLINE
    assert containers.of(launcher) == []


def test_an_engine_that_is_gone_is_said(containers: ContainerEngine, job: MakeJob) -> None:
    launcher = containers.launcher(engine=Engine())
    launcher.engine.client.close()
    launcher.engine.client = docker.APIClient("unix:///nowhere/docker.sock", version="1.41")
    outcome = launcher.run("chromium", job(), lambda _: None)
    assert outcome.ending is Ending.ENGINE_GONE
    assert "does not answer" in outcome.message


def test_logs_of_a_job_that_was_killed_are_kept(launcher: DockerLauncher, job: MakeJob) -> None:
    talking = job("<script>console.log('I was here')</script>", wait_before_capture_ms=60_000)
    with Hanging(launcher, talking, step="settle"):
        log = Path(talking.output_dir, "console.jsonl")
        deadline = time.monotonic() + 30
        while not log.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "I was here" in log.read_text()


def test_a_capture_that_cannot_be_written_here_has_failed(launcher: DockerLauncher, site: Site, tmp_path: Path) -> None:
    """Not finished with an empty picture: the container knows nothing of this side's full disk."""
    with small_disk(tmp_path / "small", megabytes=1) as disk:
        captured = make_job(site.url, disk.folder)
        disk.fill()
        result = launcher.run("chromium", captured, lambda _: None).result
    assert result is not None
    assert (result.status, result.reason, result.files) == ("failed", "storage", [])
    assert "No space left" in result.message


def test_containers_of_an_earlier_process_are_removed(containers: ContainerEngine, job: MakeJob) -> None:
    """Which was killed in the middle of a capture: they end by themselves, and their names go at the next start."""
    options = containers.options()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.containers.server_that_hangs", job().url, job().output_dir, options.owner],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    assert server.stdout.readline() == "hanging\n"
    (left,) = [found for found in containers.engine.containers() if found.owner == options.owner]
    server.kill()
    server.wait()
    server.stdout.close()
    assert containers.engine.client.wait(left.id, timeout=30)["StatusCode"] == 0, "its stream is gone, and so is it"
    restarted = containers.launcher(owner=options.owner, instance="two")
    assert containers.of(restarted) == []


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_the_same_page_gives_the_same_pictures_again_and_again(
    launcher: DockerLauncher, job: MakeJob, browser: str
) -> None:
    content = "<h1>Ünïcödé 日本 🦊</h1><p style='font: italic 17px serif'>fi ffl AVATAR</p><button>Press</button>" * 3
    digests = set()
    for _ in range(2):
        outcome = finished(launcher, job(content, device_scale_factor=2), browser)
        assert outcome.result is not None
        digests.add(outcome.result.captures[0].sha256)
        assert outcome.result.renderer is not None
        assert outcome.result.renderer.image == launcher.image.id
    assert len(digests) == 1


def test_a_site_is_asked_through_the_proxy_alone(launcher: DockerLauncher, job: MakeJob, site: Site) -> None:
    captured = job("<img src=/picture>")
    finished(launcher, captured)
    assert {"/page", "/picture"} <= set(site.requests)
    log = Path(captured.output_dir, "egress.jsonl").read_text()
    assert f"{site.url}/picture" in log
