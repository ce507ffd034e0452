"""Describe batches, and store a long history in the time that a benchmark has."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from scene.domain.catalog import Batch, BatchDraft, BatchTask, PageDraft, Project, ProjectDraft, TaskDraft
from scene.domain.model import new_id, utc_now
from scene.domain.records import SYSTEM
from scene.domain.runs import Run, RunDraft, RunSummary
from scene.domain.status import Purpose, Status, Verdict
from scene.domain.viewport import Viewport
from scene.launch.process import ProcessLauncher
from scene.queue.local import LocalQueue
from scene.services.runs import Runs
from scene.store.base import Store
from scene.store.sql.filtering import searchable
from scene.store.sql.schema import executions, runs

VIEWPORTS = 50
_PEOPLE = ("ann", "bob", "ci", "nightly")


def project(store: Store, name: str) -> Project:
    return store.projects.create(ProjectDraft(name=name, slug=name, base_url="https://shop.example"), SYSTEM)


def batch(store: Store, of: Project, name: str, cells: int) -> Batch:
    """Of so many executions: tasks of fifty viewports each."""
    page = store.pages.create(of.id, PageDraft(name=name, url="/"), SYSTEM)
    sizes = [Viewport(width=320 + 8 * index, height=800) for index in range(VIEWPORTS)]
    entries = []
    for number in range(cells // VIEWPORTS):
        draft = TaskDraft(name=f"{name} {number}", page_id=page.id, viewports=sizes)
        entries.append(BatchTask(task_id=store.tasks.create(of.id, draft, SYSTEM).id))
    return store.batches.create(of.id, BatchDraft(name=name, tasks=entries), SYSTEM)


def batches(store: Store, of: Project, count: int, cells: int) -> list[Batch]:
    return [batch(store, of, f"batch {number}", cells) for number in range(count)]


def run(store: Store, of: Batch) -> Run:
    """As a request makes it: planned, stored, admitted, put into the queue."""
    draft = RunDraft(batch_id=of.id, purpose=Purpose.COMPARISON)
    return Runs(store, LocalQueue(), ProcessLauncher({})).create(draft, SYSTEM)


def history(store: Store, engine: sa.Engine, of: list[Batch], count: int) -> Iterator[str]:
    """So many runs that ended, evenly over the batches, an hour between them; the id of each."""
    first = [run(store, each) for each in of]
    with engine.begin() as connection:
        columns = [column for column in executions.columns if column.name not in ("id", "run_id")]
        templates = [connection.execute(sa.select(runs).where(runs.c.id == each.id)).mappings().one() for each in first]
        for number in range(count):
            which = number % len(first)
            ended = _ended(dict(templates[which]), number, count, first[which].summary.total)
            connection.execute(sa.insert(runs), [ended])
            copied = sa.select(
                sa.literal(ended["id"]) + "-" + sa.cast(executions.c.position, sa.Text),
                sa.literal(ended["id"]),
                *(_outcome(number).get(column.name, column) for column in columns),
            ).where(executions.c.run_id == first[which].id)
            names = ["id", "run_id", *(column.name for column in columns)]
            connection.execute(sa.insert(executions).from_select(names, copied))
            yield ended["id"]
        connection.execute(sa.delete(runs).where(runs.c.id.in_([each.id for each in first])))


def _ended(row: dict[str, Any], number: int, count: int, total: int) -> dict[str, Any]:
    at = utc_now() - timedelta(hours=count - number)
    note = f"Before release {number}"
    return row | {
        "id": new_id(),
        "created_at": at,
        "started_at": at,
        "finished_at": at + timedelta(minutes=10),
        "status": Status.FAILED if number % 50 == 0 else Status.FINISHED,
        "summary": _summary(number, total),
        "verdict": Verdict.CHANGED if number % 10 == 0 else Verdict.UNCHANGED,
        "requested_by": _PEOPLE[number % len(_PEOPLE)],
        "jira_issue": f"SHOP-{number % 400 + 1}",
        "line": "release" if number % 20 == 0 else "main",
        "note": note,
        "labels": {"commit": f"{number:040x}"},
        "search_text": searchable(note, row["batch_name"], "commit", f"{number:040x}"),
    }


def _summary(number: int, total: int) -> dict[str, int]:
    """What _outcome comes to."""
    places = [(position + number) % 200 for position in range(total)]
    failed, changed = places.count(0), places.count(50) + places.count(150)
    counts = {"finished": total - failed, "failed": failed, "changed": changed, "unchanged": total - failed - changed}
    return RunSummary(total=total, **counts).model_dump(mode="json")


def _outcome(number: int) -> dict[str, Any]:
    """One execution in a hundred changed, one in two hundred failed; others in each run."""
    nth = executions.c.position + number
    fails, changes = nth % 200 == 0, nth % 100 == 50
    return {
        "status": sa.case((fails, Status.FAILED.value), else_=Status.FINISHED.value),
        "verdict": sa.case((fails, None), (changes, Verdict.CHANGED.value), else_=Verdict.UNCHANGED.value),
        "admitted": sa.false(),
        "attempt": sa.literal(1),
        "duration_ms": sa.literal(1_500.0),
        "finished_at": executions.c.created_at,
    }
