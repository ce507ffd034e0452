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
    ("percent", "expected"), [(0, "none"), (0.001, "minor"), (0.99, "minor"), (1, "major"), (50, "major")]
)
def test_levels_colour_a_difference(percent: float, expected: str) -> None:
    assert level(percent, threshold_percent=1) == expected
