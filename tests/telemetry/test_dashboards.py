"""The dashboard and the alerts ask for numbers that there are."""

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

FOLDER = Path(__file__).parents[2] / "docs/operations"


@pytest.mark.parametrize("name", ["grafana-dashboard.json", "prometheus-alerts.yaml"])
def test_every_number_that_is_asked_for_is_there(client: TestClient, name: str) -> None:
    asked = set(re.findall(r"\bscene_[a-z_]+\b", (FOLDER / name).read_text()))
    there = set(re.findall(r"^# TYPE (scene_\w+)", client.get("/metrics").text, re.MULTILINE))
    assert asked
    assert {re.sub(r"_(bucket|sum|count)$", "", each) for each in asked} <= there


def test_the_dashboard_is_json_whose_panels_do_not_overlap() -> None:
    panels = json.loads((FOLDER / "grafana-dashboard.json").read_text())["panels"]
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len(panels) >= 12
