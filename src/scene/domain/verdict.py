"""How verdicts add up, and what a difference is called."""

from collections.abc import Iterable
from typing import Literal

from scene.domain.status import Verdict

_WORST_FIRST = (Verdict.CHANGED, Verdict.NO_BASELINE, Verdict.UNCHANGED)

Level = Literal["none", "minor", "major"]


def worst(verdicts: Iterable[Verdict | None]) -> Verdict | None:
    """The worst of the given verdicts (``missing`` counts as changed); none when there is none."""
    given = {Verdict.CHANGED if verdict is Verdict.MISSING else verdict for verdict in verdicts}
    return next((verdict for verdict in _WORST_FIRST if verdict in given), None)


def of_moving(verdict: Verdict) -> Verdict:
    """The verdict of a screenshot that never stood still: no moment of it proves that nothing changed."""
    return Verdict.CHANGED if verdict is Verdict.UNCHANGED else verdict


def level(verdict: Verdict | None, percent: float, threshold_percent: float) -> Level | None:
    """How large a change is: none where nothing changed, minor below the threshold, major from it on.

    None where nothing was compared. What the policy accepts is no change, however many percent of the picture it is.
    """
    if verdict is Verdict.UNCHANGED:
        return "none"
    if verdict is not Verdict.CHANGED:
        return None
    return "major" if percent >= threshold_percent else "minor"
