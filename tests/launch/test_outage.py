"""An engine that is gone is waited for, and not for ever."""

from pathlib import Path

import pytest

from scene.launch.docker.engine import Engine
from scene.launch.docker.outage import Outage


def test_an_engine_that_stays_away_is_waited_for_and_then_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    now = 0.0
    outage = Outage(Engine(), lambda: now)
    assert not outage.should_wait(), "nobody has noticed anything"
    outage.noticed()
    assert outage.should_wait()
    now = 59
    outage.noticed()
    assert outage.should_wait(), "from the first time that it was noticed"
    now = 61
    assert not outage.should_wait()
