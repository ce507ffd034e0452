"""Pages that want to do harm do it to their own execution, and to nothing else."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scene.launch.base import Ending, Outcome
from scene.launch.docker.launcher import DockerLauncher
from scene_runner.protocol import CaptureJob
from tests.containers.conftest import Hanging, MakeJob, finished
from tests.support.engine import ContainerEngine
from tests.support.site import Site

_MEMORY_BOMB = """
const kept = [];
for (;;) { kept.push(new Uint8Array(5e7).fill(1)); await new Promise(r => setTimeout(r)); }
"""
_FILLS_DISK = """
const cache = await caches.open('x');
for (let n = 0; n < 400; n++) await cache.put('/' + n, new Response(new Uint8Array(5e6).fill(n)));
"""
_WORKERS = """
const source = URL.createObjectURL(new Blob(['for (;;);']));
for (let n = 0; n < 400; n++) new Worker(source);
await new Promise(() => {});
"""
_SCAN = """
const open = [];
for (const url of URLS) {
    try { await fetch(url, {mode: 'no-cors'}); open.push(url) } catch (refused) { }
}
document.title = 'open: ' + open.join(' ');
console.log(document.title);
"""


def run(launcher: DockerLauncher, job: CaptureJob) -> Outcome:
    return launcher.run("chromium", job, lambda _: None)


@pytest.fixture
def neighbour(launcher: DockerLauncher, job: MakeJob) -> Iterator[None]:
    """Another execution goes on beside the test's, and finishes."""
    outcomes: list[Outcome] = []
    calm = job(wait_before_capture_ms=2_000)
    thread = threading.Thread(target=lambda: outcomes.append(run(launcher, calm)))
    thread.start()
    yield
    thread.join(60)
    assert outcomes[0].result is not None
    assert outcomes[0].result.status == "finished"


@pytest.mark.usefixtures("neighbour")
def test_a_page_that_wants_all_memory_is_told_apart(containers: ContainerEngine, job: MakeJob) -> None:
    launcher = containers.launcher(memory_mb=400)
    outcome = run(launcher, job(task_js=_MEMORY_BOMB, script_timeout_ms=60_000))
    assert outcome.ending is Ending.OUT_OF_MEMORY, outcome
    assert "400 MiB" in outcome.message
    assert containers.of(launcher) == []


@pytest.mark.usefixtures("neighbour")
def test_a_page_that_starts_threads_without_end(launcher: DockerLauncher, job: MakeJob) -> None:
    outcome = run(launcher, job(task_js=_WORKERS, script_timeout_ms=3_000))
    assert outcome.ending in (Ending.RESULT, Ending.CRASH, Ending.DEADLINE)
    assert outcome.result is None or outcome.result.status == "failed"
    finished(launcher, job())


@pytest.mark.usefixtures("neighbour")
def test_a_fork_bomb_in_a_container_meets_its_limit(job: MakeJob, containers: ContainerEngine) -> None:
    """As if a page had broken out of its browser."""
    launcher = containers.launcher()
    with Hanging(launcher, job(wait_before_capture_ms=60_000)):
        busy = containers.busy(launcher)
        said = containers.execute(busy["Id"], "for n in $(seq 1000); do sleep 60 & done; echo end")
    assert "fork" in said, "the limit was reached"
    finished(launcher, job())


@pytest.mark.usefixtures("neighbour")
def test_a_page_that_fills_the_disk_fills_its_own(launcher: DockerLauncher, job: MakeJob) -> None:
    outcome = run(launcher, job(task_js=_FILLS_DISK, script_timeout_ms=20_000, execution_timeout_ms=60_000))
    assert outcome.ending in (Ending.RESULT, Ending.CRASH, Ending.OUT_OF_MEMORY)
    finished(launcher, job())


def test_a_script_without_end_is_ended(launcher: DockerLauncher, job: MakeJob) -> None:
    outcome = run(launcher, job(task_js="for (;;);", script_timeout_ms=500))
    assert outcome.result is not None
    assert (outcome.result.status, outcome.result.reason) == ("failed", "timeout")


def test_a_scan_of_the_host_meets_the_projects_lists(launcher: DockerLauncher, job: MakeJob, site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        scan = _SCAN.replace("URLS", str([f"http://{host}:{port}/" for host in ("127.0.0.1", "localhost")]))
        finished(launcher, job(task_js=scan, allowed_hosts=[f"127.0.0.1:{site.port}"]))
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_metadata_addresses_are_refused_whatever_is_allowed(launcher: DockerLauncher, job: MakeJob) -> None:
    urls = ["http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://0xa9fea9fe/computeMetadata"]
    scan = job(task_js=_SCAN.replace("URLS", str(urls)), network=True)
    finished(launcher, scan)
    log = Path(scan.output_dir, "egress.jsonl").read_text().splitlines()
    entries = [entry for line in log if "/page" not in (entry := json.loads(line))["url"]]
    assert {entry["url"].split("/")[2] for entry in entries} >= {"169.254.169.254:80", "fd00:ec2::254:80"}
    assert all("link-local" in entry["problem"] or "metadata" in entry["problem"] for entry in entries)
    assert all(entry["address"] == "" for entry in entries), "nothing was dialled"


def test_scenes_own_machine_is_out_of_reach_when_it_serves_others(containers: ContainerEngine, job: MakeJob) -> None:
    outcome = run(containers.launcher(loopback=False), job())
    assert outcome.result is not None
    assert outcome.result.reason == "navigation"
    assert outcome.result.message.endswith("it is Scene's own machine, which SCENE_LOOPBACK_PAGES does not allow.")
