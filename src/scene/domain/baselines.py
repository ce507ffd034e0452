"""Baselines: immutable sets of pictures of a whole batch at a time."""

from datetime import datetime

from scene.domain.model import Model
from scene.domain.pictures import Picture, Renderer
from scene.domain.viewport import Browser


class Baseline(Model):
    id: str
    project_id: str
    batch_id: str
    line: str
    run_id: str
    parent_id: str | None
    created_at: datetime
    created_by: str
    notes: str
    items_total: int
    items_succeeded: int
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
    snapshot_digest: str
