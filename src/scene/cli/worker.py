"""``scene worker``: what it needs, and what to use until then."""

from scene.errors import SetupError


def worker() -> None:
    """Carry out executions for servers elsewhere. Not possible yet: the queue lives inside each server.

    Exits with 3.
    """
    raise SetupError(
        "A worker needs a queue that it shares with the servers, and Scene has only the one inside each server yet. "
        "Start `scene serve` instead: on each machine, with the same SCENE_DATABASE_URL (PostgreSQL) and "
        "SCENE_ARTIFACTS_URL, each takes part in every run."
    )
