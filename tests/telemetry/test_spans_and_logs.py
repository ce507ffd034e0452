"""What a server tells a collector and its log while it carries out a run."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scene.errors import SetupError
from scene.telemetry.exporting import export_spans
from tests.support.collector import Collector
from tests.support.describe import Story
from tests.support.server import Server
from tests.support.site import Site


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        yield collector


def test_the_trace_and_the_log_of_a_run_are_found_by_its_id(tmp_path: Path, site: Site, collector: Collector) -> None:
    server = Server(tmp_path / "data", otlp_endpoint=collector.url, log_format="json")
    story = Story(server.client, site.url)  # type: ignore[arg-type]
    run = story.record(story.batch())
    [execution] = story.executions(run)
    server.stop()  # which sends what waits

    spans = {span.name: span for span in collector.trace(run["id"])}
    assert {"run", "attempt", "capture", "goto"} <= spans.keys()
    assert spans["run"].parent_span_id == b""
    assert spans["attempt"].parent_span_id == spans["run"].span_id
    assert spans["goto"].parent_span_id == spans["attempt"].span_id
    assert spans["run"].start_time_unix_nano < spans["goto"].start_time_unix_nano < spans["run"].end_time_unix_nano
    assert "POST /api/runs" in {span.name for span in collector.spans}

    lines = logged(server.log)
    [ended] = [line for line in lines if line["event"] == "attempt_ended"]
    ids = {"project": run["project_id"], "batch": run["batch_id"], "run": run["id"], "execution": execution["id"]}
    assert {name: ended[name] for name in ids} == ids
    assert (ended["attempt"], ended["status"], ended["level"]) == (1, "finished", "info")
    assert [line["status"] for line in lines if line["event"] == "run_finished"] == ["finished"]


def logged(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SetupError, match=r"SCENE_OTLP_ENDPOINT: .* pip install 'scene\[otel\]'"):
        export_spans("http://127.0.0.1:4318")
