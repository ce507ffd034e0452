"""Which runs can be compared again."""

from scene.domain.status import Purpose, Status
from scene.errors import Conflict


def check(run_id: str, purpose: str, status: str) -> None:
    """Raises Conflict for an active run, and for one that is no comparison."""
    if purpose != Purpose.COMPARISON:
        raise Conflict(f"Only a comparison can be compared again; the run {run_id} is a {purpose}.")
    if not Status(status).ended:
        raise Conflict(f"The run {run_id} is active; wait until it has ended, then compare it again.")
