"""Which runs can be repeated in part."""

from scene.domain.runs import RunDraft
from scene.domain.status import Purpose, Status
from scene.errors import Invalid


def check(draft: RunDraft, *, batch_id: str | None, purpose: str, status: str, line: str) -> None:
    """Raises Invalid when the draft's ``rerun_of`` is a run, described by the rest, that it cannot repeat."""
    if batch_id != draft.batch_id:
        raise Invalid.field("rerun_of", "is a run of another batch")
    if purpose != draft.purpose:
        raise Invalid.field("rerun_of", f"is a {purpose}, and so is its re-run")
    if not Status(status).ended:
        raise Invalid.field("rerun_of", "has not ended yet; wait until it has, or stop it")
    if draft.purpose is Purpose.BASELINE_RECORDING and line != draft.line:
        raise Invalid.field("line", f"the recording that is to be completed is of the line {line!r}")
