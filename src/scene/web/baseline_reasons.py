"""Why a picture was compared with the baseline that it was compared with."""

from collections.abc import Iterable
from dataclasses import dataclass

from scene.bootstrap import Services
from scene.domain.baselines import Baseline, BaselineItem, BaselineReason
from scene.domain.pictures import ComparisonKind, Screenshot
from scene.domain.runs import Run
from scene.domain.status import Purpose
from scene.errors import NotFound


@dataclass(frozen=True)
class Why:
    reason: str
    """Why this baseline, as a sentence."""
    baseline: Baseline | None
    item: BaselineItem | None
    """The picture of it; none where it has none of this target."""


class Whys:
    """Of the pictures of one run."""

    def __init__(self, services: Services, run: Run, shots: Iterable[Screenshot]) -> None:
        self._reason = _reason(run) if run.purpose is not Purpose.BASELINE_RECORDING else None
        self._baseline = _baseline(services, run)
        self._items = services.baselines.items_of(shots)

    def of(self, shot: Screenshot) -> Why | None:
        """None for a recording, which is compared with nothing."""
        if self._reason is None:
            return None
        compared = shot.newest(ComparisonKind.BASELINE)
        item = self._items.get(compared.baseline_item_id or "") if compared else None
        return Why(self._reason, self._baseline, item)


def _baseline(services: Services, run: Run) -> Baseline | None:
    if run.baseline_id is None:
        return None
    try:
        return services.history.baseline(run.baseline_id)
    except NotFound:
        return None


def _reason(run: Run) -> str:
    """As it was decided when the run was created."""
    match run.baseline_reason:
        case BaselineReason.NAMED:
            return "It was chosen for this run."
        case BaselineReason.PINNED:
            return "The batch pinned it, whatever the line."
        case BaselineReason.LATEST_OF_LINE:
            return f"It was the latest of the line {run.line} when the run was started."
        case BaselineReason.LATEST_OF_PARENT_LINE:
            return f"The line {run.line} had none yet: it was the latest of its parent line {run.parent_line}."
        case _:
            lines = f"the line {run.line}" + (f" and its parent line {run.parent_line}" if run.parent_line else "")
            return f"Compared with none: {lines} had no baseline, or the batch says to use none."
