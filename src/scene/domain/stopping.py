"""Stopping what is under way: softly, when the attempt ends by itself, or hard, at once."""

from dataclasses import dataclass
from enum import StrEnum

from scene.domain.status import Reason


class StopMode(StrEnum):
    SOFT = "soft"
    """What waits never starts; what executes is asked to end, and is never tried again."""
    HARD = "hard"
    """Everything fails now; runners are killed."""

    @property
    def reason(self) -> Reason:
        return Reason.SOFT_STOP if self is StopMode.SOFT else Reason.HARD_STOP

    @property
    def message(self) -> str:
        return "It was stopped before it started." if self is StopMode.SOFT else "It was stopped at once."


@dataclass(frozen=True)
class Stop:
    """What a request to stop came to."""

    ended: int = 0
    """Executions that failed because of it, at once."""
    asked: int = 0
    """Executions that were asked to end and go on until they do."""

    @property
    def changed(self) -> bool:
        return bool(self.ended or self.asked)
