"""Which runs can be compared again."""

from scene.domain.status import Purpose, Status
from scene.errors import Conflict


def check(run_id: str, purpose: str, status: str) -> None:
    """Raises Conflict for an active run, and for a recording."""
    if purpose == Purpose.BASELINE_RECORDING:
        raise Conflict("A baseline_recording compares with nothing, so there is nothing to compare again.")
    if not Status(status).ended:
        raise Conflict(f"The run {run_id} is active; wait until it has ended, then compare it again.")
