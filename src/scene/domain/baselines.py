"""Baselines: immutable sets of pictures of a whole batch at a time."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from scene.domain.masking import ResolvedMask
from scene.domain.model import Model
from scene.domain.pictures import Picture
from scene.domain.renderers import Renderer
from scene.domain.viewport import Browser


class BaselineReason(StrEnum):
    """Why a comparison compares with the baseline that it compares with: the first of these that there is."""

    NAMED = "named"
    PINNED = "pinned"
    LATEST_OF_LINE = "latest_of_line"
    LATEST_OF_PARENT_LINE = "latest_of_parent_line"
    NONE = "none"


class BaselineKind(StrEnum):
    """What a baseline was made by."""

    RECORDING = "recording"
    PROMOTION = "promotion"
    """Of what was approved in a run."""
    CARRYING = "carrying"
    """Of what was approved on another line."""
    RESTORATION = "restoration"
    """An earlier one was made current again."""
    IMPORT = "import"


class BaselineChanges(Model):
    """How many pictures of a baseline are other than its parent's."""

    replaced: int = 0
    added: int = 0
    removed: int = 0
    kept: int = 0


class Origin(Model):
    """Where a picture of a baseline came from."""

    run_id: str | None = None
    """The run that captured it; null for an imported one."""
    screenshot_id: str | None = None
    """Of that run, where it was approved."""
    baseline_id: str
    """The first baseline that had it."""
    by: str
    """Who approved, recorded or imported it."""
    at: datetime
    comment: str = ""


class Alternative(Model):
    """A further picture that is right: a known variation of one that does not always look the same."""

    picture: Picture
    renderer: Renderer
    masks: list[ResolvedMask]
    origin: Origin | None


class Baseline(Model):
    id: str
    project_id: str
    batch_id: str
    line: str
    kind: BaselineKind
    run_id: str | None
    """The run that it was recorded in, or promoted from; null where it was made of other baselines or imported."""
    parent_id: str | None
    """The baseline that it follows: on its line, or at the line's beginning on the parent line."""
    source_id: str | None
    """The other baseline that it was made of: made current again, or carried from another line."""
    created_at: datetime
    created_by: str
    notes: str
    items_total: int
    """Pictures that the batch asked for."""
    items_succeeded: int
    """Those of them that the baseline has."""
    items_missing: int
    changes: BaselineChanges | None
    """To its parent; null without one, and where nobody counted."""


class BaselineItem(Model):
    """One picture of a baseline. Task, browser, viewport and target identify it across runs."""

    id: str
    baseline_id: str
    task_id: str
    task_name: str
    browser: Browser
    viewport_key: str
    target: str
    picture: Picture
    renderer: Renderer
    masks: list[ResolvedMask]
    """Where the masks of the policy were when the picture was taken."""
    snapshot_digest: str
    origin: Origin | None = None
    """Null for pictures of before this was kept."""
    alternatives: list[Alternative] = Field(default=[])
    """Whatever equals one of these is unchanged too."""
