"""Runs, their executions and attempts.

History keeps the ids and names of tasks and pages as plain columns without foreign keys: deleting a task or a page
never touches it.

Indexes that serve the moves of executions are partial: they hold only what is under way, however long the history is.
A query uses them only when it states their condition in the same words, without bound parameters; hence the
conditions that are named here.
"""

from typing import Any

import sqlalchemy as sa

from scene.store.sql.schema.columns import (
    flag,
    id_,
    integer,
    json,
    metadata,
    number,
    optional_text,
    owned_by,
    refers_to,
    text,
    time,
)
from scene.store.sql.types import PlainText

snapshots = sa.Table(
    "snapshots",
    metadata,
    sa.Column("digest", PlainText, primary_key=True),
    json("document"),
)

runs = sa.Table(
    "runs",
    metadata,
    id_(),
    owned_by("project_id", "projects.id"),
    owned_by("batch_id", "batches.id", nullable=True),
    text("batch_name"),
    text("purpose"),
    refers_to("baseline_id", "baselines.id", nullable=True),
    optional_text("baseline_reason"),
    json("task_ids", nullable=True),
    optional_text("base_url"),
    flag("from_reference"),
    json("variables"),
    # Not a foreign key: a re-run outlives the run that it repeats.
    optional_text("rerun_of"),
    optional_text("rerun"),
    optional_text("idempotency_key", unique=True),
    # What the key was used for: the digest of the draft.
    text("request_digest"),
    text("line"),
    optional_text("parent_line"),
    optional_text("jira_issue"),
    text("note"),
    json("labels"),
    # What a search looks into: see filtering.py.
    text("search_text"),
    text("requested_by"),
    # The batch's, as they were when the run was created.
    number("execution_diff_threshold_percent"),
    number("run_diff_threshold_percent"),
    integer("priority"),
    integer("concurrency", nullable=True),
    time("deadline_at"),
    text("status"),
    optional_text("reason"),
    optional_text("verdict"),
    # The counts of an ended run, which change no more; those of an active one are counted when they are asked for.
    # How it was asked to stop.
    optional_text("stop_reason"),
    time("stop_requested_at", nullable=True),
    json("summary", nullable=True),
    time("created_at"),
    time("started_at", nullable=True),
    time("finished_at", nullable=True),
    sa.Index(None, "project_id", "id"),
    sa.Index(None, "batch_id", "id"),
    sa.Index(None, "baseline_id"),
)

executions = sa.Table(
    "executions",
    metadata,
    id_(),
    owned_by("run_id", "runs.id"),
    integer("position"),
    text("task_id"),
    text("task_name"),
    text("page_id"),
    text("page_name"),
    refers_to("snapshot_digest", "snapshots.digest"),
    text("browser"),
    json("viewport"),
    text("viewport_key"),
    text("status"),
    optional_text("reason"),
    text("message"),
    optional_text("verdict"),
    number("percent_changed", nullable=True),
    integer("changed_pixels", nullable=True),
    optional_text("level"),
    flag("reference_differs", nullable=True),
    flag("renderer_differs", nullable=True),
    # All of it was in quarantine when it ended: shown, and counted in no verdict.
    sa.Column("quarantined", sa.Boolean, nullable=False, server_default=sa.false()),
    integer("attempt"),
    # Holds one of the places that the caps give, from its admission to the end of the attempt.
    flag("admitted"),
    flag("no_retry"),
    time("stop_requested_at", nullable=True),
    optional_text("worker"),
    time("lease_expires_at", nullable=True),
    time("not_before", nullable=True),
    time("created_at"),
    time("started_at", nullable=True),
    time("finished_at", nullable=True),
    number("duration_ms", nullable=True),
    sa.UniqueConstraint("run_id", "position"),
    sa.Index(None, "run_id", "status", "verdict"),
    sa.Index(None, "task_id", "run_id"),
)

_QUEUED: sa.ColumnElement[str] = sa.literal_column("'queued'")
_EXECUTING: sa.ColumnElement[str] = sa.literal_column("'executing'")

run_is_active = runs.c.status.in_([_QUEUED, _EXECUTING])
is_active = executions.c.status.in_([_QUEUED, _EXECUTING])
is_executing = executions.c.status == _EXECUTING
is_queued = executions.c.status == _QUEUED
is_admitted = executions.c.admitted.is_(sa.true())
is_waiting = sa.and_(is_queued, executions.c.admitted.is_(sa.false()))
"""Not admitted yet."""


def _under_way(name: str, condition: sa.ColumnElement[bool], *columns: sa.Column[Any]) -> None:
    sa.Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


_under_way("ix_runs_active", run_is_active, runs.c.deadline_at)
_under_way("ix_executions_waiting", is_waiting, executions.c.run_id, executions.c.position)
_under_way("ix_executions_admitted", is_admitted, executions.c.run_id)
_under_way("ix_executions_leased", is_executing, executions.c.lease_expires_at)
_under_way("ix_executions_worker", is_executing, executions.c.worker)

attempts = sa.Table(
    "attempts",
    metadata,
    owned_by("execution_id", "executions.id", primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    text("worker"),
    text("status"),
    optional_text("reason"),
    text("message"),
    integer("exit_code", nullable=True),
    time("started_at"),
    time("finished_at", nullable=True),
    json("steps"),
    json("interventions"),
    json("timings_ms"),
    json("unloaded"),
)
