"""``scene run``: as CI calls it."""

import json
import signal
import socket
import subprocess
from typing import Any

import pytest

from tests.cli.conftest import Call, scene_command
from tests.support.describe import Story
from tests.support.server import Server
from tests.support.site import Site


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Standard output is one JSON document and nothing else."""
    return json.loads(done.stdout)


def test_recorded_unchanged_and_changed(scene_run: Call, story: Story, site: Site, server: Server) -> None:
    batch = story.batch(name="Smoke")
    recorded = scene_run("--batch", batch["id"], "--purpose", "baseline_recording", "--wait", "--json")
    assert recorded.returncode == 0, recorded.stderr
    assert document(recorded)["run"]["baseline_id"]

    named = f"{story.project['slug']}/Smoke"
    unchanged = scene_run("--batch", named, "--wait")
    assert unchanged.returncode == 0, unchanged.stderr
    assert f"Passed: 1 unchanged of 1. {server.url}/runs/" in unchanged.stdout

    site.pages["/"] = "<!doctype html><title>Home</title><h1>Another home</h1><p>Welcome.</p>"
    changed = scene_run("--batch", named, "--wait", "--json", "--allow-new")
    assert changed.returncode == 1
    (execution,) = document(changed)["executions"]
    assert (execution["verdict"], document(changed)["exit_code"]) == ("changed", 1)
    assert execution["percent_changed"] > 0
    assert execution["sentence"].startswith(("1 region", "2 regions", "3 regions"))
    assert server.client.get(execution["url"]).status_code == 200
    assert server.client.get(document(changed)["run"]["url"]).status_code == 200


def test_people_read_what_changed_and_what_failed_with_addresses(
    scene_run: Call, story: Story, site: Site, server: Server
) -> None:
    site.pages["/about"] = "<!doctype html><h1>About</h1>"
    batch = story.batch(story.task(name="Start"), story.task(story.page("/about"), name="About us"))
    story.record(batch)
    site.pages["/"] = "<!doctype html><h1>Another</h1>"
    del site.pages["/about"]
    done = scene_run("--batch", batch["id"], "--wait")
    assert done.returncode == 2
    assert "Failed: 1 failed, 1 changed of 2." in done.stdout
    lines = done.stdout.splitlines()
    assert [word for word in ("Start", "changed", "region") if word not in done.stdout] == []
    assert [word for word in ("About us", "failed", "404") if word not in done.stdout] == []
    assert len([line for line in lines if f"{server.url}/executions/" in line]) == 2


def test_a_new_picture_is_forgiven_when_asked_for(scene_run: Call, story: Story) -> None:
    batch = story.batch()
    done = scene_run("--batch", batch["id"], "--wait")
    assert done.returncode == 1
    assert "The baseline has no picture of it." in done.stdout
    forgiven = scene_run("--batch", batch["id"], "--wait", "--allow-new")
    assert forgiven.returncode == 0
    assert "Accepted: 1 without a baseline of 1." in forgiven.stdout


def test_a_browser_that_is_missing_is_said_when_the_run_starts(scene_run: Call, story: Story) -> None:
    batch = story.batch(story.task(browsers=["webkit"]))
    if story.get("/health")["runner"]["detail"].count("webkit"):
        pytest.skip("WebKit is here")
    assert "Warning: Executions in webkit will fail here" in scene_run("--batch", batch["id"]).stderr


def test_without_waiting_the_run_is_started_and_told(scene_run: Call, story: Story) -> None:
    options = ("--label", "branch=main", "--label", "build_url=https://ci?a=b", "--note", "Nightly", "--line", "next")
    done = scene_run("--batch", story.batch()["id"], "--jira-issue", "SHOP-1", *options, "--json")
    assert done.returncode == 0, done.stderr
    assert document(done)["exit_code"] is None
    run = story.wait(story.get(f"/api/runs/{document(done)['run']['id']}"))
    assert run["labels"] == {"branch": "main", "build_url": "https://ci?a=b"}
    assert (run["jira_issue"], run["note"], run["line"]) == ("SHOP-1", "Nightly", "next")


def test_a_run_can_name_its_baseline(scene_run: Call, story: Story, site: Site) -> None:
    batch = story.batch()
    first = story.record(batch)["baseline_id"]
    site.pages["/"] = "<!doctype html><h1>Second</h1>"
    story.record(batch)
    assert scene_run("--batch", batch["id"], "--baseline", first, "--wait").returncode == 1


def test_a_preview_deployment_is_compared_by_some_tasks(scene_run: Call, story: Story) -> None:
    with Site() as preview:
        preview.pages["/shop"] = "<!doctype html><h1>Preview</h1>"
        chosen = story.task(story.page("/{{path}}"), name="The shop")
        batch = story.batch(story.task(), chosen)
        options = ("--task", "The shop", "--base-url", preview.url, "--variable", "path=shop", "--parent-line", "main")
        done = scene_run("--batch", batch["id"], *options, "--line", "next", "--wait", "--json", "--allow-new")
        assert done.returncode == 0, done.stderr
        assert "/shop" in preview.requests
    run = story.get(f"/api/runs/{document(done)['run']['id']}")
    assert (run["task_ids"], run["line"], run["parent_line"]) == ([chosen["id"]], "next", "main")


def test_what_failed_is_carried_out_again_by_the_id_of_its_run(scene_run: Call, story: Story, site: Site) -> None:
    site.statuses["/"] = 500
    failed = story.record(story.batch())
    site.statuses.clear()
    done = scene_run("--rerun-of", failed["id"], "--priority", "5", "--concurrency", "1", "--wait", "--json")
    assert done.returncode == 0, done.stderr
    run = story.get(f"/api/runs/{document(done)['run']['id']}")
    assert (run["purpose"], run["rerun_of"], run["status"]) == ("baseline_recording", failed["id"], "finished")
    assert (run["priority"], run["concurrency"]) == (5, 1)


def test_the_same_command_with_the_same_key_starts_one_run(scene_run: Call, story: Story) -> None:
    command = ("--batch", story.batch()["id"], "--idempotency-key", "build-7", "--json")
    assert document(scene_run(*command))["run"]["id"] == document(scene_run(*command))["run"]["id"]


def test_a_run_past_its_time_is_ended_and_failed(scene_run: Call, story: Story, site: Site) -> None:
    site.delays["/"] = 20
    done = scene_run("--batch", story.batch()["id"], "--timeout", "1", "--wait")
    assert done.returncode == 2
    assert "Failed (run_timeout): 1 failed of 1." in done.stdout


def test_ctrl_c_says_that_the_run_goes_on(story: Story, site: Site, server: Server) -> None:
    site.delays["/"] = 3
    arguments = scene_command("run", "--batch", story.batch()["id"], "--wait", "--server", server.url)
    waiting = subprocess.Popen(arguments, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert waiting.stderr is not None
    assert "Run of " in waiting.stderr.readline()
    waiting.send_signal(signal.SIGINT)
    said = waiting.communicate(timeout=30)
    assert waiting.returncode == 130
    assert "The run goes on without you: " in said[1]
    assert "Traceback" not in said[1]
    run_id = said[1].split("The run goes on without you: ")[1].strip().rsplit("/", 1)[1]
    assert story.wait(story.get(f"/api/runs/{run_id}"))["status"] == "finished"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--batch", "nothing"), "There is no batch 'nothing'."),
        (("--batch", "no-such-project/Smoke"), "There is no project with the slug 'no-such-project'."),
        (("--batch", "../../health?x"), "There is no project with the slug '..'."),
        (("--batch", "{batch}", "--baseline", "nothing"), "--baseline: There is no baseline 'nothing'."),
        (("--batch", "{batch}", "--jira-issue", "shop"), "--jira-issue: "),
        (("--batch", "{batch}", "--line", ""), "--line: "),
        (("--batch", "{batch}", "--label", "main"), "--label: 'main' is not like key=value."),
        (("--batch", "{batch}", "--label", f"{'k' * 600}=v"), "--label: "),
        (("--batch", "{batch}", "--timeout", "0"), "'--timeout'"),
        (("--batch", "{batch}", "--purpose", "guess"), "'--purpose'"),
        (("--batch", "{batch}", "--server", "localhost:8000"), "SCENE_SERVER_URL: 'localhost:8000' is not an address"),
        ((), "--batch: say which batch"),
        (("--batch", "{batch}", "--task", "Nothing"), "has no task 'Nothing'."),
        (("--batch", "{batch}", "--base-url", "preview"), "--base-url: "),
        (("--batch", "{batch}", "--variable", "token"), "--variable: 'token' is not like key=value."),
        (("--batch", "{batch}", "--variable", "1a=b"), "--variable: "),
        (("--batch", "{batch}", "--priority", "1000"), "--priority: "),
        (("--batch", "{batch}", "--concurrency", "0"), "--concurrency: "),
        (("--batch", "{batch}", "--rerun", "changed"), "--rerun: needs rerun_of"),
        (("--rerun-of", "nothing"), "There is no run 'nothing'."),
        (("--batch", "{batch}", "--idempotency-key", "two words"), "--idempotency-key: "),
    ],
)
def test_what_cannot_be_run_is_one_sentence(
    scene_run: Call, story: Story, options: tuple[str, ...], sentence: str
) -> None:
    batch = story.batch()["id"]
    done = scene_run(*(option.replace("{batch}", batch) for option in options), "--json")
    assert done.returncode == 3
    assert done.stdout == ""
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert story.get("/api/runs", batch=batch)["items"] == []


def test_a_server_that_is_down_is_told(call: Call) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        done = call("run", "--batch", "any", "--server", url)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"scene: No server can be reached at {url} (Connection refused).\n"


def test_a_server_that_is_no_scene_is_told(call: Call, site: Site) -> None:
    done = call("run", "--batch", "any", "--server", site.url)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"scene: What answers at {site.url} is not a Scene of this version (404 Not Found).\n"
