"""``kill -9`` of the server in the middle of a run loses nothing, repeats nothing and leaves nothing behind."""

import hashlib
import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.crash.conftest import StartServer
from tests.support.describe import Story
from tests.support.site import Site


def gone(processes: list[psutil.Process], seconds: float = 10) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_a_run_survives_kill_9(start_server: StartServer, site: Site, tmp_path: Path) -> None:
    first = start_server()
    story = Story(first.client, site.url)
    for number in range(12):
        site.pages[f"/{number}"], site.delays[f"/{number}"] = f"<!doctype html><h1>Page {number}</h1>", 0.4
    batch = story.batch(*(story.task(story.page(f"/{number}")) for number in range(12)))
    run = story.run(batch, "baseline_recording")
    while story.get(f"/api/runs/{run['id']}")["summary"]["finished"] < 3:
        time.sleep(0.05)
    before = {each["id"]: each for each in story.executions(run) if each["status"] == "finished"}
    tree = first.tree()
    first.kill()
    assert gone(tree), "a browser or a runner outlived its server"

    second = start_server()
    story.client = second.client
    run = story.wait(run)
    assert (run["status"], run["summary"]["finished"]) == ("finished", 12)
    after = story.executions(run)
    for execution in after:
        if execution["id"] in before:
            assert execution == before[execution["id"]], "a finished execution was repeated"
    repeated = [execution for execution in after if execution["attempt"] > 1]
    assert 0 < len(repeated) <= 2, "what was in flight is done again as a new attempt"
    detail = story.get(f"/api/executions/{repeated[0]['id']}")
    assert [(attempt["status"], attempt["reason"]) for attempt in detail["attempts"]] == [
        ("failed", "worker_lost"),
        ("finished", None),
    ]
    for blob in (tmp_path / "data" / "artifacts").glob("??/*"):
        assert hashlib.sha256(blob.read_bytes()).hexdigest() == blob.name, "a half-written artifact"
    assert len(story.get(f"/api/baselines/{run['baseline_id']}/items")["items"]) == 12


def test_a_stopped_server_ends_at_once_and_leaves_its_work_to_the_next(start_server: StartServer, site: Site) -> None:
    first = start_server()
    story = Story(first.client, site.url)
    site.pages["/slow"], site.delays["/slow"] = "<!doctype html><h1>Slow</h1>", 8
    run = story.run(story.batch(story.task(story.page("/slow"))), "baseline_recording")
    while story.get(f"/api/runs/{run['id']}")["summary"]["executing"] == 0:
        time.sleep(0.05)
    tree = first.tree()
    assert first.stop() == 143
    assert gone(tree)

    site.delays["/slow"] = 0
    story.client = start_server().client
    assert story.wait(run)["summary"]["finished"] == 1


def test_a_second_server_on_the_same_folder_is_refused(start_server: StartServer, tmp_path: Path) -> None:
    start_server()
    second = subprocess.run(
        [sys.executable, "-m", "scene", "serve", "--port", "0", "--data-dir", str(tmp_path / "data")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 3
    assert "already serves the data folder" in second.stderr
    assert "Traceback" not in second.stderr
