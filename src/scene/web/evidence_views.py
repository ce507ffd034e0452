"""How an execution went, ready to show: attempts with their times, and the files beside the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from scene.domain.pictures import Artifact, ArtifactType
from scene.domain.runs import Attempt, AttemptStep
from scene.services.history import ExecutionDetail

READABLE = {ArtifactType.CONSOLE: "Console", ArtifactType.NETWORK: "Network"}
"""Logs that are read on the page, and what they are called there."""

_EGRESS = "egress.jsonl"
_FAILURE = "failure.png"
_LEAST_PERCENT = 0.5  # of a bar that is still seen


@dataclass(frozen=True)
class StepBar:
    """A step, and where it lies in the time of its attempt; both in percent of it."""

    step: AttemptStep
    left_percent: float
    width_percent: float


@dataclass(frozen=True)
class TimePart:
    name: str
    took_ms: float
    percent: float
    """Of the longest one."""


@dataclass(frozen=True)
class AttemptRow:
    attempt: Attempt
    steps: list[StepBar]
    parts: list[TimePart]

    @property
    def total_ms(self) -> float:
        return sum(part.took_ms for part in self.parts)

    @classmethod
    def of(cls, attempt: Attempt) -> "AttemptRow":
        whole = max((step.started_ms + step.duration_ms for step in attempt.steps), default=0) or 1
        longest = max(attempt.timings_ms.values(), default=0) or 1
        return cls(
            attempt=attempt,
            steps=[StepBar(step, *_span(step.started_ms / whole, step.duration_ms / whole)) for step in attempt.steps],
            parts=[TimePart(name, took, _span(0, took / longest)[1]) for name, took in attempt.timings_ms.items()],
        )


@dataclass(frozen=True)
class EvidenceView:
    attempts: list[AttemptRow]
    """Newest first."""
    artifacts: Sequence[Artifact]
    trace_obstacle: str | None
    """Why the trace viewer cannot be used here, as a clause; None where it can."""

    @classmethod
    def of(cls, detail: ExecutionDetail, trace_obstacle: str | None) -> "EvidenceView":
        return cls([AttemptRow.of(attempt) for attempt in reversed(detail.attempts)], detail.artifacts, trace_obstacle)

    @property
    def several(self) -> bool:
        """Whether a file's attempt must be told."""
        return len(self.attempts) > 1

    @property
    def failure(self) -> Artifact | None:
        """The page as it was when the last attempt failed, where that could still be seen."""
        last = self.attempts[0].attempt.number if self.attempts else None
        found = (each for each in self._of(ArtifactType.SCREENSHOT) if each.name == _FAILURE and each.attempt == last)
        return next(found, None)

    @property
    def traces(self) -> list[Artifact]:
        return self._of(ArtifactType.TRACE)

    @property
    def videos(self) -> list[Artifact]:
        return self._of(ArtifactType.VIDEO)

    @property
    def logs(self) -> list[Artifact]:
        return self._of(*READABLE)

    @staticmethod
    def title(log: Artifact) -> str:
        if log.name == _EGRESS:
            return "What passed Scene's proxy"
        of_reference = log.name.startswith("reference-")
        return f"{READABLE[log.type]}{' of the reference page' if of_reference else ''}"

    def _of(self, *types: ArtifactType) -> list[Artifact]:
        return [artifact for artifact in self.artifacts if artifact.type in types]


def _span(start_ratio: float, width_ratio: float) -> tuple[float, float]:
    """In percent of the whole, inside of it, and never too narrow to be seen."""
    width = min(100.0, max(_LEAST_PERCENT, 100 * width_ratio))
    left = min(max(0.0, 100 * start_ratio), 100 - width)
    return round(left, 2), round(width, 2)
