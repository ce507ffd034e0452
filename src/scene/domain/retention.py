"""How long runs and baselines are kept, and what would go because of it."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from scene.domain.amounts import count
from scene.domain.model import Model

LISTED = 200
"""So many of a plan are named; the others are counted."""


class RetentionPolicy(Model):
    """A run or a baseline goes when any limit that is set is exceeded, and nothing needs it. Null is no limit."""

    runs: int | None = Field(default=None, ge=1, le=100_000)
    """The newest runs that each batch keeps."""
    baselines: int | None = Field(default=None, ge=1, le=100_000)
    """The newest baselines that each line of a batch keeps."""
    days: int | None = Field(default=None, ge=1, le=36_500)
    """After which both go."""
    max_mb: int | None = Field(default=None, ge=1, le=1_000_000_000)
    """Megabytes of files of the whole project: beyond it the oldest runs go."""

    @property
    def limits(self) -> bool:
        return any(value is not None for value in self.model_dump().values())

    @property
    def sentence(self) -> str:
        """For people: what is kept."""
        told = [
            f"the newest {_several(self.runs, 'run')} of each batch" if self.runs else "",
            f"the newest {_several(self.baselines, 'baseline')} of each line" if self.baselines else "",
            f"nothing older than {count(self.days, 'day')}" if self.days else "",
            f"at most {self.max_mb:,} MB" if self.max_mb else "",
        ]
        said = ", ".join(each for each in told if each)
        return f"{said[0].upper()}{said[1:]}; what something needs stays." if said else "Everything is kept."


def _several(number: int, noun: str) -> str:
    return noun if number == 1 else count(number, noun)


class Kept(Model):
    """Something that stays although a limit is exceeded."""

    noun: Literal["run", "baseline"]
    id: str
    because: str


class Going(Model):
    """Something that would go."""

    noun: Literal["run", "baseline"]
    id: str
    batch_id: str
    batch_name: str
    line: str
    created_at: datetime
    because: str
    """Which limit it exceeds."""
    size: int = 0
    """Bytes that nothing else shows: of a run."""


class RetentionPlan(Model):
    """What would go now."""

    policy: RetentionPolicy
    runs: int
    """How many would go."""
    baselines: int
    going: list[Going]
    """The oldest of them, at most 200; runs first."""
    kept: list[Kept]
    """What stays although it exceeds a limit, at most 200."""
    kept_total: int
    size: int
    """Bytes of all files of the project."""
    size_going: int
    """Bytes of them that runs which go alone have; the sweep removes them after its grace."""


class RetentionDone(Model):
    """What went."""

    runs: int
    baselines: int
    stayed: int
    """That somebody needed after all."""
