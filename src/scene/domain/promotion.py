"""What a new baseline is made of: pictures that were approved, in the place of those of the one before."""

from collections import Counter
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from scene.domain.baselines import Baseline
from scene.domain.model import STORABLE, Model
from scene.domain.pictures import Picture
from scene.domain.runs import Line
from scene.domain.viewport import Browser
from scene.errors import Conflict

Notes = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000), STORABLE]


class ChangeKind(StrEnum):
    REPLACED = "replaced"
    ADDED = "added"
    ALTERNATIVE = "alternative"
    """A further picture of the same is right too."""
    REMOVED = "removed"
    """It was missing, and that was approved."""
    DROPPED = "dropped"
    """Its task is not in the batch any more."""


class ItemChange(Model):
    """One picture in which a baseline is other than the one before."""

    kind: ChangeKind
    task_id: str
    task_name: str
    browser: Browser
    viewport_key: str
    target: str
    before: Picture | None
    after: Picture | None
    conflict: bool = False
    """The line's baseline has another picture here than the one that was compared with: somebody replaced it since."""


class Promotion(Model):
    """What would be made, and of what."""

    batch_id: str
    line: str
    parent: Baseline | None
    """The baseline that the new one follows."""
    changes: list[ItemChange]
    kept: int
    """Pictures of the parent that stay as they are."""

    @property
    def numbers(self) -> Counter[ChangeKind]:
        """How many pictures change how."""
        return Counter(change.kind for change in self.changes)

    @property
    def conflicts(self) -> list[ItemChange]:
        return [change for change in self.changes if change.conflict]


class PromotionDraft(Model):
    """A baseline made of what was approved in a run."""

    line: Line | None = None
    """The line that gets it; null is the run's own."""
    drop_removed_tasks: bool = False
    """Leave out the pictures of tasks that are not in the batch any more."""
    notes: Notes = ""
    overwrite: bool = False
    """Also replace pictures that somebody else replaced since the run compared with them."""
    allow_superseded: bool = False
    """Also of a run that a newer one has superseded."""


class CarryingDraft(Model):
    """A baseline for another line, with everything that was approved on this one since it forked."""

    line: Line
    notes: Notes = ""
    overwrite: bool = False
    """Also replace pictures that the other line replaced in the meantime."""


class RestorationDraft(Model):
    notes: Notes = ""


class BaselineMoved(Conflict):
    """The line has another baseline by now, with other pictures in the same places."""

    code = "baseline_moved"


def check(promotion: Promotion, *, overwrite: bool) -> None:
    """Raises Conflict when nothing would change, BaselineMoved when somebody else's pictures would be overwritten."""
    if not promotion.changes:
        raise Conflict("There is nothing to promote: approve something first.")
    if promotion.conflicts and not overwrite:
        first = promotion.conflicts[0]
        others = len(promotion.conflicts) - 1
        raise BaselineMoved(
            f"Somebody has replaced {first.task_name} ({first.browser}, {first.viewport_key}, {first.target})"
            f"{f' and {others} more' if others else ''} on the line {promotion.line!r} since this was compared. "
            "Run the comparison again, or say overwrite."
        )
