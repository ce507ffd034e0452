"""Follow a run to its end."""

import time
from collections.abc import Callable

from scene.client.answers import Run
from scene.client.api import SceneClient
from scene.client.errors import Refusal, Unreachable

_FIRST_SECONDS, _MOST_SECONDS = 0.2, 2.0


def follow(
    client: SceneClient,
    run: Run,
    on_progress: Callable[[Run], None],
    *,
    patience_seconds: float = 60,
    pause: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> Run:
    """The run when it has ended. A server that is away for a while, to be restarted say, is waited for.

    Raises Unreachable or Refusal when it stays away for longer than the patience, or says that something is wrong.
    """
    wait = _FIRST_SECONDS
    answered_at = now()
    on_progress(run)
    while not run.status.ended:
        pause(wait)
        wait = min(_MOST_SECONDS, wait * 1.2)
        try:
            run = client.run(run.id)
        except (Refusal, Unreachable) as error:
            if not error.retryable or now() - answered_at > patience_seconds:
                raise
        else:
            answered_at = now()
            on_progress(run)
    return run
