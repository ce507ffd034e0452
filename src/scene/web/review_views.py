"""What the templates of reviews are given."""

from dataclasses import dataclass

from scene.bootstrap import Services
from scene.domain.pictures import Screenshot
from scene.domain.promotion import Promotion
from scene.domain.runs import Run


@dataclass(frozen=True)
class ReviewView:
    shot: Screenshot


@dataclass(frozen=True)
class ReviewPanel:
    run: Run
    superseded_by: Run | None
    undo: str | None = None
    """The group of decisions that was made just now."""


@dataclass(frozen=True)
class PromoteView:
    run: Run
    promotion: Promotion
    superseded_by: Run | None
    key: str
    """Of this dialog: sent twice, it makes one baseline."""
    notes: str = ""
    drop: bool = False
    problem: str = ""


def panel_of(services: Services, run_id: str, undo: str | None = None) -> ReviewPanel:
    return ReviewPanel(services.runs.get(run_id), services.reviews.superseded_by(run_id), undo)
