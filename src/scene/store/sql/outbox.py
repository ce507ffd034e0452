"""Deliveries, written in the transaction of the change that they tell of."""

from collections.abc import Sequence

import sqlalchemy as sa

from scene.domain.baselines import Baseline
from scene.domain.bodies import body
from scene.domain.catalog import Project
from scene.domain.events import Event
from scene.domain.happenings import ExecutionsHappened, RunHappened
from scene.domain.model import new_id
from scene.domain.pictures import Artifact
from scene.domain.records import EventType
from scene.domain.runs import ConfigurationSnapshot, Execution, Run
from scene.domain.status import Purpose
from scene.domain.webhooks import Format
from scene.store.sql import projects
from scene.store.sql.database import Transaction, batched
from scene.store.sql.delivery_rows import write_deliveries
from scene.store.sql.rows import execution_of, review_counts, run_of, summaries
from scene.store.sql.schema import artifacts, executions, pictures, runs, screenshots, snapshots, webhooks

_FILE_FIELDS = [column.name for column in artifacts.columns]


class Outbox:
    """Of one transaction. Where no webhook asks, an event costs nothing; of dry runs nothing is told."""

    def __init__(self, transaction: Transaction, public_url: str) -> None:
        self._transaction = transaction
        self._public_url = public_url
        self._asking: list[tuple[str, str | None, frozenset[str], Format]] | None = None
        self._projects: dict[str, Project] = {}

    def tell_run(
        self, event_type: EventType, run_id: str, baseline: Baseline | None = None, *, again: bool = False
    ) -> None:
        """What became of a run, or of its baseline. As it is now: tell after the move. again: it had ended before."""
        run = self._run(run_id)
        if run.purpose is Purpose.DRY_RUN:
            return
        self._transaction.happened.append(_happened(event_type, run, again))
        if not self._wanted(event_type):
            return
        counted = {
            "summary": summaries(self._transaction, [run_id])[run_id],
            "reviews": review_counts(self._transaction, [run_id])[run_id],
        }
        run = run.model_copy(update=counted)
        self._write([Event(event_type, self._transaction.now, self._project(run), run, baseline=baseline)])

    def tell_executions(self, event_type: EventType, run_id: str, execution_ids: Sequence[str]) -> None:
        """What became of executions of one run. As they are now: tell after the move."""
        if not execution_ids:
            return
        self._count(event_type, run_id, execution_ids)
        if not self._wanted(event_type):
            return
        run = self._run(run_id)
        if run.purpose is Purpose.DRY_RUN:
            return
        project = self._project(run)
        for chunk in batched(execution_ids):
            found = self._executions(chunk)
            frozen = self._snapshots({execution.snapshot_digest for execution in found})
            files = self._files(chunk)
            now = self._transaction.now
            self._write(
                [
                    Event(
                        event_type,
                        now,
                        project,
                        run,
                        execution=execution,
                        snapshot=frozen[execution.snapshot_digest],
                        artifacts=files.get(execution.id, ()),
                    )
                    for execution in found
                ]
            )

    def _count(self, event_type: EventType, run_id: str, execution_ids: Sequence[str]) -> None:
        alike = [executions.c[name] for name in ("browser", "status", "verdict", "reason")]
        for chunk in batched(execution_ids):
            counted = sa.select(*alike, sa.func.count().label("count")).join(runs, runs.c.id == executions.c.run_id)
            counted = counted.where(executions.c.id.in_(chunk), runs.c.purpose != Purpose.DRY_RUN).group_by(*alike)
            self._transaction.happened += [
                ExecutionsHappened(event=event_type, run_id=run_id, **row) for row in self._transaction.all(counted)
            ]

    def _wanted(self, event_type: EventType) -> bool:
        if self._asking is None:
            query = sa.select(webhooks.c.id, webhooks.c.project_id, webhooks.c.event_types, webhooks.c.format)
            rows = self._transaction.all(query.where(webhooks.c.enabled.is_(sa.true())).order_by(webhooks.c.id))
            self._asking = [
                (row["id"], row["project_id"], frozenset(row["event_types"]), Format(row["format"])) for row in rows
            ]
        return any(event_type in event_types for _, _, event_types, _ in self._asking)

    def _write(self, events: Sequence[Event]) -> None:
        written = []
        for event in events:
            for webhook_id, project_id, event_types, style in self._asking or ():
                if event.type not in event_types or project_id not in (None, event.project.id):
                    continue
                delivery_id = new_id()
                told = body(event, style, delivery_id, self._public_url)
                written.append((delivery_id, webhook_id, event.type, told))
        write_deliveries(self._transaction, written)

    def _run(self, run_id: str) -> Run:
        row = self._transaction.connection.execute(sa.select(runs).where(runs.c.id == run_id)).mappings().one()
        return run_of(row)

    def _project(self, run: Run) -> Project:
        if run.project_id not in self._projects:
            self._projects[run.project_id] = projects.crud.get(self._transaction, run.project_id)
        return self._projects[run.project_id]

    def _executions(self, ids: Sequence[str]) -> list[Execution]:
        query = sa.select(executions).where(executions.c.id.in_(ids)).order_by(executions.c.position)
        return [execution_of(row) for row in self._transaction.all(query)]

    def _snapshots(self, digests: set[str]) -> dict[str, ConfigurationSnapshot]:
        rows = self._transaction.all(sa.select(snapshots).where(snapshots.c.digest.in_(sorted(digests))))
        return {row["digest"]: ConfigurationSnapshot.model_validate(row["document"]) for row in rows}

    def _files(self, execution_ids: Sequence[str]) -> dict[str, list[Artifact]]:
        """The pictures of each execution first, then its other files."""
        shown = (
            sa.select(screenshots.c.execution_id.label("shown_by"), artifacts)
            .join(pictures, pictures.c.sha256 == screenshots.c.picture_sha256)
            .join(artifacts, artifacts.c.id == pictures.c.image_artifact_id)
            .where(screenshots.c.execution_id.in_(execution_ids))
            .order_by(screenshots.c.position)
        )
        owned = sa.select(artifacts.c.execution_id.label("shown_by"), artifacts).where(
            artifacts.c.execution_id.in_(execution_ids)
        )
        found: dict[str, list[Artifact]] = {}
        for query in (shown, owned.order_by(artifacts.c.id)):
            for row in self._transaction.all(query):
                found.setdefault(row["shown_by"], []).append(
                    Artifact.model_validate({name: row[name] for name in _FILE_FIELDS})
                )
        return found


def _happened(event_type: EventType, run: Run, again: bool) -> RunHappened:
    return RunHappened(
        event=event_type,
        run_id=run.id,
        project_id=run.project_id,
        batch_id=run.batch_id,
        purpose=run.purpose,
        status=run.status,
        verdict=run.verdict,
        reason=run.reason,
        created_at=run.created_at,
        finished_at=run.finished_at,
        again=again,
    )
