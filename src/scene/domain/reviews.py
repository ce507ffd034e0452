"""A person's decision on what a run captured, and which decisions can be made."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from scene.domain.model import STORABLE, Model
from scene.domain.status import Purpose, Status, Verdict
from scene.domain.viewport import Browser
from scene.errors import Conflict

Id = Annotated[str, StringConstraints(max_length=64), STORABLE]
Comment = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000), STORABLE]
Fingerprint = Annotated[str, StringConstraints(min_length=1, max_length=200), STORABLE]
Manner = Annotated[str, StringConstraints(max_length=40), STORABLE]

TO_REVIEW = (Verdict.CHANGED, Verdict.NO_BASELINE, Verdict.MISSING)
"""Verdicts that ask for a decision."""


class Decision(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Looked(Model):
    """How a screenshot was looked at when it was decided on."""

    mode: Manner = ""
    """Of the viewer, such as side or slider."""
    against: Manner = ""
    """baseline or reference."""
    zoom: Manner = ""


class Review(Model):
    """The decision that counts now, or one of those before it."""

    decision: Decision = Decision.PENDING
    version: int = 0
    """How many decisions there were, taking one back included; 0 before the first."""
    by: str | None = None
    at: datetime | None = None
    comment: str = ""
    comparison_id: str | None = None
    """What was seen: the newest comparison that decided the verdict then, with its policy and its masks."""
    as_alternative: bool = False
    """Approved as a further picture that is right, beside the one that the baseline has."""
    group_id: str | None = None
    """Decisions that were made at once share it."""
    looked: Looked | None = None

    @property
    def decided(self) -> bool:
        return self.decision is not Decision.PENDING


UNDECIDED = Review()


class ReviewDraft(Model):
    """A decision on one screenshot."""

    decision: Decision
    """pending takes back what was decided."""
    comment: Comment = ""
    version: int | None = Field(default=None, ge=0)
    """Of the review that the decision is made on; null decides only what nobody has decided yet."""
    comparison_id: Id | None = None
    """The comparison that was seen: when the screenshot was compared again since, nothing is decided."""
    as_alternative: bool = False
    """Of an approval: the baseline keeps its picture, and accepts this one too."""
    looked: Looked | None = None
    allow_superseded: bool = False
    """Decide even though a newer run of the same batch, line and labels is there."""


class Among(Model):
    """Which of the undecided screenshots of a run are decided on; everything that is given must hold."""

    screenshot_ids: Annotated[list[Id], Field(max_length=10_000)] | None = None
    execution_id: Id | None = None
    change_fingerprint: Fingerprint | None = None
    """Those that changed in this way."""
    verdicts: list[Verdict] = Field(default=[])
    task_id: Id | None = None
    browser: Browser | None = None
    viewport_key: Annotated[str, StringConstraints(max_length=200), STORABLE] | None = None
    target: Annotated[str, StringConstraints(max_length=3_000), STORABLE] | None = None


class ReviewsDraft(Model):
    """One decision on many screenshots of a run: on those that nobody has decided yet."""

    decision: Literal[Decision.APPROVED, Decision.REJECTED]
    comment: Comment = ""
    among: Among = Among()
    """Nothing narrows it to some of them: then it is the rest of the run."""
    looked: Looked | None = None
    allow_superseded: bool = False


class Skipped(Model):
    """A screenshot that a decision on many left alone."""

    screenshot_id: str
    reason: Literal["quarantined", "unstable", "decided", "nothing_to_decide"]
    """``decided`` and ``nothing_to_decide`` are said of those that were named alone."""
    decision: Decision | None = None
    """What somebody has decided before."""
    by: str | None = None
    """Who."""


class Reviewed(Model):
    """What became of a decision on many."""

    group_id: str
    """Takes back all of it."""
    decision: Decision
    screenshot_ids: list[str]
    skipped: list[Skipped]


class ReviewCounts(Model):
    """How many screenshots of a run wait for a decision, and how the others were decided."""

    pending: int = 0
    """Without those in quarantine."""
    approved: int = 0
    rejected: int = 0

    @property
    def total(self) -> int:
        return self.pending + self.approved + self.rejected

    @property
    def decided(self) -> int:
        return self.approved + self.rejected


class Superseded(Conflict):
    """A newer run of the same kind is there: what is decided on this one may be out of date."""

    code = "superseded"


class AlreadyDecided(Conflict):
    """Somebody else decided first."""

    code = "already_decided"


class SeenOtherwise(Conflict):
    """It was compared again since it was looked at."""

    code = "compared_again"


def check_run(run_id: str, purpose: str, status: str) -> None:
    """Raises Conflict for a run whose screenshots nobody decides on."""
    if purpose != Purpose.COMPARISON:
        raise Conflict(f"Only a comparison is reviewed; the run {run_id} is a {purpose}.")
    if not Status(status).ended:
        raise Conflict(f"The run {run_id} is active; it can be reviewed when it has ended.")


def check_version(current: Review, asked: ReviewDraft) -> None:
    """Raises AlreadyDecided when the decision is made on a review that is no longer the current one."""
    if asked.version is None and (not current.decided or current.decision is asked.decision):
        return
    if asked.version == current.version:
        return
    who = current.by or "Somebody"
    did = {"pending": "took the decision back", "approved": "approved it", "rejected": "rejected it"}[current.decision]
    said = f" ({current.comment})" if current.comment else ""
    raise AlreadyDecided(
        f"{who} {did} first{said}: version {current.version}. Look at it again, then decide on that version."
    )


def check_approval(draft: ReviewDraft, verdict: Verdict, *, unstable: bool, has_baseline: bool) -> None:
    """Raises Conflict for what can never be in a baseline, and for an alternative to nothing."""
    if draft.decision is not Decision.APPROVED:
        return
    if unstable:
        raise Conflict("It never stood still, and is in no baseline: hide or mask what moves, then run it again.")
    if draft.as_alternative and not (has_baseline and verdict is Verdict.CHANGED):
        raise Conflict("Only what differs from a picture of the baseline can be an alternative to it.")
