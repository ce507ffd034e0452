"""How verdicts add up."""

import pytest

from scene.domain.status import Verdict
from scene.domain.verdict import level, worst


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["unchanged", "changed", "no_baseline"], "changed"),
        (["unchanged", "no_baseline"], "no_baseline"),
        (["unchanged", "missing"], "changed"),
        (["unchanged", None], "unchanged"),
        ([None], None),
        ([], None),
    ],
)
def test_the_worst_verdict_decides_and_missing_counts_as_changed(verdicts: list[str], expected: str) -> None:
    assert worst(Verdict(verdict) if verdict else None for verdict in verdicts) == expected


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, "minor"), (0.001, "minor"), (0.99, "minor"), (1, "major"), (50, "major")]
)
def test_levels_colour_a_change(percent: float, expected: str) -> None:
    assert level(Verdict.CHANGED, percent, threshold_percent=1) == expected


def test_from_a_threshold_of_nothing_every_change_is_major() -> None:
    assert level(Verdict.CHANGED, 0.0001, threshold_percent=0) == "major"


def test_what_is_accepted_is_no_change_and_what_was_not_compared_has_no_level() -> None:
    assert level(Verdict.UNCHANGED, 5, threshold_percent=1) == "none"
    assert level(Verdict.NO_BASELINE, 0, threshold_percent=1) is None
    assert level(None, 0, threshold_percent=1) is None
