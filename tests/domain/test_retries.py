"""How long the next attempt waits."""

import pytest
from pydantic import ValidationError

from scene.domain.retries import backoff_seconds
from scene.domain.settings import Settings
from scene.domain.status import Reason


@pytest.mark.parametrize(("failed", "most"), [(1, 2), (2, 4), (3, 8), (6, 60), (10_000, 60)])
def test_each_failure_doubles_the_longest_wait_up_to_a_bound(failed: int, most: float) -> None:
    assert backoff_seconds(failed, 2, 60, chance=1) == most
    assert backoff_seconds(failed, 2, 60, chance=0.25) == most / 4
    assert backoff_seconds(failed, 2, 60, chance=0) == 0


@pytest.mark.parametrize("reason", [Reason.SOFT_STOP, Reason.HARD_STOP, Reason.RUN_TIMEOUT])
def test_what_was_ended_on_purpose_cannot_be_tried_again(reason: Reason) -> None:
    with pytest.raises(ValidationError, match=reason):
        Settings(retry_reasons=[reason])
