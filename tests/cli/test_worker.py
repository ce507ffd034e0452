"""``scene worker``."""

from tests.cli.conftest import Call


def test_the_queue_inside_a_server_is_refused_with_what_to_use(call: Call) -> None:
    done = call("worker")
    assert (done.returncode, done.stdout) == (3, "")
    assert "Start `scene serve` instead" in done.stderr
    assert "Traceback" not in done.stderr
