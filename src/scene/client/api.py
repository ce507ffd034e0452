"""The verbs of Scene's API that commands use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import SecretStr

from scene.client.answers import (
    Answer,
    Baseline,
    Batch,
    Execution,
    ExecutionDetail,
    Imported,
    ListOf,
    Project,
    RetentionDone,
    RetentionPlan,
    Reviewed,
    Run,
    RunScreenshot,
    Screenshot,
    Screenshots,
    StartedRun,
    Stopped,
    Task,
)
from scene.client.connection import Connection
from scene.domain.stopping import StopMode
from scene.errors import NotFound

A = TypeVar("A", bound=Answer)

_MOST = 100
"""Items that one answer of a list holds."""


class SceneClient:
    """A context manager. Every verb raises Unreachable, or Refusal with what the server says."""

    def __init__(self, url: str, transport: httpx2.BaseTransport | None = None, token: SecretStr | None = None) -> None:
        self._connection = Connection(url, transport, token)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def address(self, path: str) -> str:
        """Of something whose URL is told below the server's address."""
        return f"{self._connection.url}{path}"

    def batch_id(self, reference: str) -> str:
        """Of a batch named by its id, or as project-slug/batch-name. Raises NotFound."""
        slug, slash, name = reference.partition("/")
        if not slash:
            return self._connection.get(Batch, f"/api/batches/{quote(reference, safe='')}").id
        batch = next((found for found in self.batches(slug) if found.name == name), None)
        if batch is None:
            raise NotFound(f"The project {slug!r} has no batch {name!r}.")
        return batch.id

    def projects(self) -> list[Project]:
        """Newest first."""
        return list(self._every(ListOf[Project], "/api/projects"))

    def batches(self, slug: str) -> list[Batch]:
        """Of a project, newest first. Raises NotFound."""
        return list(self._every(ListOf[Batch], f"/api/projects/{self.project_id(slug)}/batches"))

    def project_id(self, slug: str) -> str:
        """Raises NotFound."""
        project = next((found for found in self._every(ListOf[Project], "/api/projects") if found.slug == slug), None)
        if project is None:
            raise NotFound(f"There is no project with the slug {slug!r}.")
        return project.id

    def retention(self, project_id: str, limits: dict[str, int]) -> RetentionPlan:
        """What would go by these limits; without any, by those of the project."""
        return self._connection.get(RetentionPlan, f"/api/projects/{project_id}/retention", **limits)

    def apply_retention(self, project_id: str) -> RetentionDone:
        return self._connection.post(RetentionDone, f"/api/projects/{project_id}/retention/apply", {})

    def task_ids(self, batch_id: str, references: list[str]) -> list[str]:
        """Of tasks named by their ids or names, in the project of a batch. Raises NotFound."""
        batch = self._connection.get(Batch, f"/api/batches/{quote(batch_id, safe='')}")
        tasks = list(self._every(ListOf[Task], f"/api/projects/{batch.project_id}/tasks"))
        known = {task.name: task.id for task in tasks} | {task.id: task.id for task in tasks}
        unknown = next((reference for reference in references if reference not in known), None)
        if unknown is not None:
            raise NotFound(f"The project of the batch {batch.name!r} has no task {unknown!r}.")
        return [known[reference] for reference in references]

    def start_run(self, draft: dict[str, Any], idempotency_key: str | None = None) -> StartedRun:
        """draft: the fields of a run; what is left out is the server's to decide."""
        headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        return self._connection.post(StartedRun, "/api/runs", draft, headers)

    def run(self, run_id: str) -> Run:
        return self._connection.get(Run, f"/api/runs/{quote(run_id, safe='')}")

    def stop_run(self, run_id: str, mode: StopMode) -> Stopped:
        return self._connection.post(Stopped, f"/api/runs/{quote(run_id, safe='')}/stop", {"mode": str(mode)})

    def stop_execution(self, execution_id: str, mode: StopMode) -> Stopped:
        path = f"/api/executions/{quote(execution_id, safe='')}/stop"
        return self._connection.post(Stopped, path, {"mode": str(mode)})

    def runs(self, most: int, *, batch: str | None = None, status: str | None = None) -> list[Run]:
        """The newest, at most 100."""
        return self._connection.get(ListOf[Run], "/api/runs", limit=most, batch=batch, status=status).items

    def execution(self, execution_id: str) -> ExecutionDetail:
        return self._connection.get(ExecutionDetail, f"/api/executions/{quote(execution_id, safe='')}")

    def to_decide(self, run_id: str) -> list[RunScreenshot]:
        """Screenshots of a run that nobody has decided on yet, newest first."""
        path = f"/api/runs/{quote(run_id, safe='')}/screenshots"
        return list(self._every(ListOf[RunScreenshot], path, review="pending"))

    def review(
        self, run_id: str, decision: str, comment: str, among: dict[str, Any], *, allow_superseded: bool = False
    ) -> Reviewed:
        """Decide on the screenshots of a run that nobody has decided on yet; among: what narrows it to some of them."""
        body = {"decision": decision, "comment": comment, "among": among, "allow_superseded": allow_superseded}
        return self._connection.post(Reviewed, f"/api/runs/{quote(run_id, safe='')}/reviews", body)

    def take_back(self, run_id: str, group_id: str) -> Reviewed:
        """Decisions that were made at once."""
        path = f"/api/runs/{quote(run_id, safe='')}/reviews/{quote(group_id, safe='')}"
        return self._connection.delete(Reviewed, path)

    def promote(self, run_id: str, draft: dict[str, Any], idempotency_key: str) -> Baseline:
        """draft: how, as far as it is not as the server does it by itself."""
        path = f"/api/runs/{quote(run_id, safe='')}/promote"
        return self._connection.post(Baseline, path, draft, {"Idempotency-Key": idempotency_key})

    def import_baseline(
        self, batch_id: str, archive: Path, query: dict[str, str], idempotency_key: str | None = None
    ) -> Imported:
        """Of a zip of pictures; query: how, as far as it is not as the server does it by itself."""
        headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        path = f"/api/batches/{quote(batch_id, safe='')}/baselines/import"
        return self._connection.upload(Imported, path, archive, "application/zip", query, headers)

    def export_baseline(self, baseline_id: str, to: Path) -> int:
        """How many bytes the zip has. Raises Invalid when the file cannot be written."""
        return self._connection.download(f"/api/baselines/{quote(baseline_id, safe='')}/export", to)

    def executions(self, run_id: str) -> list[Execution]:
        """In the order in which they start."""
        return list(self._every(ListOf[Execution], f"/api/runs/{run_id}/executions"))

    def screenshots(self, execution_id: str) -> list[Screenshot]:
        return self._connection.get(Screenshots, f"/api/executions/{execution_id}/screenshots").root

    def _every(self, answer: type[ListOf[A]], path: str, **only: str) -> Iterator[A]:
        cursor: str | None = None
        while True:
            found = self._connection.get(answer, path, limit=_MOST, cursor=cursor, **only)
            yield from found.items
            cursor = found.next_cursor
            if cursor is None:
                return
