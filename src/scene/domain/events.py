"""What webhooks are told: the bytes of one delivery."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scene.domain.baselines import Baseline
from scene.domain.catalog import Project
from scene.domain.pictures import Artifact
from scene.domain.records import EventType
from scene.domain.runs import ConfigurationSnapshot, Execution, Run
from scene.domain.status import Status

MAX_BYTES = 20_000
"""A payload is smaller than this, always: what does not fit is left out and counted."""

_CLIPPED_CHARACTERS = 500


@dataclass(frozen=True)
class Event:
    """Something that happened to a run, a baseline or an execution (``task.*``)."""

    type: EventType
    occurred_at: datetime
    project: Project
    run: Run
    baseline: Baseline | None = None
    execution: Execution | None = None
    snapshot: ConfigurationSnapshot | None = None
    """What the execution uses."""
    artifacts: Sequence[Artifact] = ()
    """Of the execution."""


def payload(event: Event, delivery_id: str, base: str) -> bytes:
    """Everything, for programs: JSON in UTF-8, less than MAX_BYTES. base: of the URLs, without a slash at the end."""
    document: dict[str, Any] = {
        "event": event.type,
        "delivery_id": delivery_id,
        "occurred_at": _time(event.occurred_at),
        "project": _project(event.project),
        "batch": {"id": event.run.batch_id, "name": event.run.batch_name},
        "baseline": _baseline(event),
        "run": _run(event, base),
        "task": None,
        "page": None,
        "execution": None,
    }
    if event.execution is not None:
        document["task"] = {"id": event.execution.task_id, "name": event.execution.task_name}
        document["page"] = _page(event.execution, event.snapshot)
        document["execution"] = _execution(event.execution)
    return _fitted(document, event, base)


def test_payload(project: Project | None, delivery_id: str, occurred_at: datetime) -> bytes:
    """Of ``webhook.test``: as of any other event, with nothing that happened to anything."""
    nothing = dict.fromkeys(("batch", "baseline", "run", "task", "page", "execution"))
    return encoded(
        {
            "event": EventType.WEBHOOK_TEST,
            "delivery_id": delivery_id,
            "occurred_at": _time(occurred_at),
            "project": _project(project) if project else None,
            **nothing,
        }
    )


def _fitted(document: dict[str, Any], event: Event, base: str) -> bytes:
    """Add labels and artifacts as far as there is room: what identifies comes first, and always fits."""
    room = MAX_BYTES - 100 - len(encoded(document))
    labels: dict[str, str] = {}
    for name, value in event.run.labels.items():
        room -= len(encoded({name: value}))
        if room <= 0:
            break
        labels[name] = value
    document["run"]["labels"] = labels
    if document["execution"] is not None:
        files: list[dict[str, Any]] = []
        for artifact in event.artifacts:
            file = {"type": artifact.type, "name": artifact.name, "url": f"{base}{artifact.url}"}
            room -= len(encoded(file)) + 1
            if room <= 0:
                break
            files.append(file)
        document["execution"]["artifacts"] = files
        document["execution"]["artifacts_omitted"] = len(event.artifacts) - len(files)
    return encoded(document)


def _project(project: Project) -> dict[str, Any]:
    return {"id": project.id, "name": project.name, "slug": project.slug}


def _baseline(event: Event) -> dict[str, Any] | None:
    if event.baseline is None:
        return {"id": event.run.baseline_id} if event.run.baseline_id else None
    return {
        "id": event.baseline.id,
        "line": event.baseline.line,
        "parent_id": event.baseline.parent_id,
        "items_total": event.baseline.items_total,
        "items_succeeded": event.baseline.items_succeeded,
        "items_missing": event.baseline.items_missing,
    }


def _run(event: Event, base: str) -> dict[str, Any]:
    run = event.run
    told: dict[str, Any] = {
        "id": run.id,
        "purpose": run.purpose,
        "status": run.status,
        "reason": run.reason,
        "verdict": run.verdict,
        "line": run.line,
        "jira_issue": run.jira_issue,
        "requested_by": clipped(run.requested_by),
        "created_at": _time(run.created_at),
        "started_at": _time(run.started_at),
        "finished_at": _time(run.finished_at),
        "viewer_url": f"{base}/runs/{run.id}",
    }
    if event.execution is None:
        told["summary"] = run.summary.model_dump()
        told["reviews"] = run.reviews.model_dump()
    return told


def _page(execution: Execution, snapshot: ConfigurationSnapshot | None) -> dict[str, Any]:
    if snapshot is None:
        return {"name": execution.page_name}
    return {"id": snapshot.page_id, "name": snapshot.page_name, "url": clipped(snapshot.url)}


def _execution(execution: Execution) -> dict[str, Any]:
    return {
        "id": execution.id,
        "attempt": attempt_of(execution),
        "browser": execution.browser,
        "viewport": execution.viewport.model_dump() | {"key": execution.viewport.key},
        "status": execution.status,
        "reason": execution.reason,
        "message": clipped(execution.message),
        "verdict": execution.verdict,
        "quarantined": execution.quarantined,
        "percent_changed": execution.percent_changed,
        "duration_ms": execution.duration_ms,
    }


def attempt_of(execution: Execution) -> int:
    """Of an execution that waits, the attempt that it waits for."""
    return execution.attempt + (execution.status is Status.QUEUED)


def clipped(text: str) -> str:
    return text if len(text) <= _CLIPPED_CHARACTERS else text[: _CLIPPED_CHARACTERS - 1] + "…"


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def encoded(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
