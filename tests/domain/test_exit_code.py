"""The exit codes of commands that wait for a run."""

import pytest

from scene.domain.exit_code import exit_code
from scene.domain.status import Purpose, Status, Verdict

COMPARISON, RECORDING = Purpose.COMPARISON, Purpose.BASELINE_RECORDING
FINISHED, FAILED = Status.FINISHED, Status.FAILED


@pytest.mark.parametrize(
    ("purpose", "status", "failed", "verdict", "expected", "expected_when_new_is_allowed"),
    [
        (COMPARISON, FINISHED, 0, Verdict.UNCHANGED, 0, 0),
        (COMPARISON, FINISHED, 0, Verdict.CHANGED, 1, 1),
        (COMPARISON, FINISHED, 0, Verdict.NO_BASELINE, 1, 0),
        (COMPARISON, FINISHED, 0, None, 1, 1),
        (COMPARISON, FINISHED, 1, Verdict.UNCHANGED, 2, 2),
        (COMPARISON, FINISHED, 1, Verdict.CHANGED, 2, 2),
        (COMPARISON, FINISHED, 1, Verdict.NO_BASELINE, 2, 2),
        (COMPARISON, FAILED, 2, None, 2, 2),
        (COMPARISON, FAILED, 1, Verdict.UNCHANGED, 2, 2),
        (COMPARISON, FAILED, 0, Verdict.UNCHANGED, 2, 2),
        (RECORDING, FINISHED, 0, None, 0, 0),
        (RECORDING, FINISHED, 1, None, 2, 2),
        (RECORDING, FAILED, 3, None, 2, 2),
    ],
)
def test_the_exit_code_says_the_worst(
    purpose: Purpose,
    status: Status,
    failed: int,
    verdict: Verdict | None,
    expected: int,
    expected_when_new_is_allowed: int,
) -> None:
    assert exit_code(purpose, status, failed, verdict) == expected
    assert exit_code(purpose, status, failed, verdict, allow_new=True) == expected_when_new_is_allowed
