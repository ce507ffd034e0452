"""The crash campaign in its short form: one blow of each kind, two kinds of them twice."""

from pathlib import Path

import pytest

from tests.chaos.campaign import campaign


@pytest.mark.parametrize(
    ("shared_database", "executions", "blows"), [(False, 30, 4), (True, 60, 7)], ids=["sqlite", "postgresql"]
)
def test_nothing_is_lost_doubled_or_left_behind(
    shared_database: bool, executions: int, blows: int, tmp_path: Path
) -> None:
    numbers = campaign(
        tmp_path, shared_database=shared_database, executions=executions, seed=7, between=(1, 2), blows=blows
    )
    assert sum(numbers["executions"].values()) == executions
    assert sum(numbers["blows"].values()) == blows
