"""``scene worker``: what it refuses. What it does: tests/crash/test_workers.py."""

from tests.cli.conftest import Call

NOWHERE = "postgresql://ann:secret@127.0.0.1:1/scene"


def test_the_queue_inside_a_server_is_refused_with_what_to_set(call: Call) -> None:
    done = call("worker")
    assert (done.returncode, done.stdout) == (3, "")
    assert "Set SCENE_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_store_of_its_own_is_refused(call: Call) -> None:
    done = call("worker", SCENE_DATABASE_URL=NOWHERE)
    assert (done.returncode, done.stdout) == (3, "")
    assert "Set SCENE_ARTIFACTS_URL" in done.stderr
    assert "secret" not in done.stderr


def test_a_wrong_browser_is_named(call: Call) -> None:
    done = call("worker", "--browser", "lynx", SCENE_DATABASE_URL=NOWHERE)
    assert done.returncode == 3
    assert "SCENE_WORKER_BROWSERS" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_without_a_worker_needs_one_elsewhere(call: Call) -> None:
    done = call("serve", "--no-worker", SCENE_PORT="0")
    assert done.returncode == 3
    assert "SCENE_WORKER: a server without a worker needs workers elsewhere" in done.stderr
