"""Baselines: immutable sets of pictures of a whole batch at a time."""

from datetime import datetime
from enum import StrEnum

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


class Baseline(Model):
    id: str
    project_id: str
    batch_id: str
    line: str
    run_id: str
    """The run that completed it."""
    parent_id: str | None
    """The baseline that it follows: on its line, or at the line's beginning on the parent line."""
    created_at: datetime
    created_by: str
    notes: str
    items_total: int
    """Pictures that the batch asked for."""
    items_succeeded: int
    """Those of them that the baseline has."""
    items_missing: int


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
