"""What a command that waits for a run tells the shell."""

from enum import IntEnum

from scene.domain.status import Purpose, Status, Verdict


class ExitCode(IntEnum):
    PASSED = 0
    DIFFERENT = 1
    """Something changed, or has no baseline."""
    FAILED = 2
    """An execution failed, or the run was ended before it was done."""
    COULD_NOT_RUN = 3


def exit_code(
    purpose: Purpose, status: Status, failed: int, verdict: Verdict | None, *, allow_new: bool = False
) -> ExitCode:
    """Of a run that has ended. failed: how many of its executions did. allow_new forgives pictures without a baseline.

    A recording passes when it is complete. A comparison that compared nothing does not pass.
    """
    if status is not Status.FINISHED or failed:
        return ExitCode.FAILED
    if purpose is Purpose.BASELINE_RECORDING or verdict is Verdict.UNCHANGED:
        return ExitCode.PASSED
    if verdict is Verdict.NO_BASELINE and allow_new:
        return ExitCode.PASSED
    return ExitCode.DIFFERENT
