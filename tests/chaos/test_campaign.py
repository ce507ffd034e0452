"""The crash campaign in its short form: one blow of each kind."""

from pathlib import Path

import pytest

from tests.chaos.campaign import campaign


@pytest.mark.parametrize("engine", ["sqlite"])
def test_nothing_is_lost_doubled_or_left_behind(engine: str, tmp_path: Path) -> None:
    shared = engine == "postgresql"
    kinds = 6 if shared else 2
    numbers = campaign(tmp_path, shared_database=shared, executions=30, seed=7, pause=(0.2, 0.6), blows=kinds)
    assert sum(numbers["executions"].values()) == 30
    assert sum(numbers["blows"].values()) == kinds
