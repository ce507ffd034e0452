"""The crash campaign in its short form: one blow of each kind, two kinds of them twice."""

from pathlib import Path

import pytest

from tests.chaos.campaign import campaign


@pytest.mark.parametrize(("shared_database", "blows"), [(False, 4), (True, 7)], ids=["sqlite", "postgresql"])
def test_nothing_is_lost_doubled_or_left_behind(shared_database: bool, blows: int, tmp_path: Path) -> None:
    numbers = campaign(tmp_path, shared_database=shared_database, executions=30, seed=7, between=(1, 3), blows=blows)
    assert sum(numbers["executions"].values()) == 30
    assert sum(numbers["blows"].values()) == blows
