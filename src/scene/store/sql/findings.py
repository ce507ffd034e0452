"""What the screenshots of an execution come to."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.engine import RowMapping

from scene.domain.pictures import ComparisonKind
from scene.domain.status import Purpose, Verdict
from scene.domain.verdict import level, worst
from scene.store.values import CapturedScreenshot, JudgedAgain

NOTHING_FOUND: dict[str, Any] = dict.fromkeys(
    ("verdict", "percent_changed", "changed_pixels", "level", "reference_differs", "renderer_differs")
) | {"quarantined": False}
"""Of an execution that failed."""


def findings(
    run: RowMapping,
    counted: Sequence[CapturedScreenshot | JudgedAgain],
    in_quarantine: Sequence[CapturedScreenshot | JudgedAgain] = (),
) -> dict[str, Any]:
    """The columns of an execution that finished; the comparisons of its shots are those that count now.

    What is in quarantine is told only where there is nothing else, and then nowhere counted.
    """
    if run["purpose"] == Purpose.BASELINE_RECORDING:
        return NOTHING_FOUND
    shots = counted or in_quarantine
    verdicts = [shot.verdict for shot in shots]
    comparisons = [comparison for shot in shots for comparison in shot.comparisons]
    deciding = [comparison.stats for comparison in comparisons if comparison.decides]
    percent = max((stats.percent_changed for stats in deciding), default=None)
    verdict = worst(verdicts)
    # A picture that is gone is gone as a whole.
    grave = 100.0 if Verdict.MISSING in verdicts else percent or 0.0
    with_reference = [each for each in comparisons if each.kind is ComparisonKind.REFERENCE]
    with_baseline = [each for each in comparisons if each.kind is ComparisonKind.BASELINE]
    return {
        "verdict": verdict,
        "percent_changed": percent,
        "changed_pixels": max((stats.changed_pixels for stats in deciding), default=None),
        "level": level(verdict, grave, run["execution_diff_threshold_percent"]),
        "reference_differs": _any(
            [*(each.verdict is Verdict.CHANGED for each in with_reference), *(True for shot in shots if shot.only_on)]
        ),
        "renderer_differs": _any(each.renderer_differs for each in with_baseline),
        "quarantined": bool(in_quarantine) and not counted,
    }


def _any(flags: Iterable[bool]) -> bool | None:
    """None when there is nothing to ask."""
    known = list(flags)
    return any(known) if known else None
