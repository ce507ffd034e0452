"""Decisions of people on the screenshots of a run. The run is locked meanwhile: they are made one after the other."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.model import new_id
from scene.domain.pictures import Screenshot
from scene.domain.records import Actor, EventType
from scene.domain.reviews import (
    Among,
    Decision,
    Review,
    ReviewDraft,
    Reviewed,
    ReviewsDraft,
    SeenOtherwise,
    Skipped,
    check_approval,
    check_run,
    check_version,
)
from scene.domain.runs import Run
from scene.errors import Conflict, Invalid, NotFound
from scene.store.sql import runs as stored_runs
from scene.store.sql import screenshots as shots
from scene.store.sql.audit import record
from scene.store.sql.closing import lock_runs
from scene.store.sql.database import Database, Transaction, batched
from scene.store.sql.outbox import Outbox
from scene.store.sql.rows import review_counts
from scene.store.sql.schema import comparisons, executions, reviews, runs, screenshots
from scene.store.sql.superseding import refuse_superseded, superseded_by
from scene.store.sql.usage import named

_ACTIONS = {Decision.APPROVED: "approved", Decision.REJECTED: "rejected", Decision.PENDING: "taken_back"}


class SqlReviews:
    def __init__(self, database: Database, public_url: str) -> None:
        self._database = database
        self._public_url = public_url

    def decide(self, screenshot_id: str, draft: ReviewDraft, by: Actor) -> Screenshot:
        with self._database.write() as transaction:
            run_id = transaction.value(sa.select(screenshots.c.run_id).where(screenshots.c.id == screenshot_id))
            run = _locked(transaction, run_id) if run_id is not None else None
            if run is None:
                raise NotFound.of("screenshot", screenshot_id)
            refuse_superseded(transaction, run, allowed=draft.allow_superseded)
            shot = shots.read(transaction, screenshot_id)
            _check(shot, draft)
            assert shot.review is not None
            if shot.review.decision is Decision.PENDING and draft.decision is Decision.PENDING:
                return shot
            fields = draft.model_dump(mode="json", include={"comment", "as_alternative", "looked"})
            deciding = shot.deciding.id if shot.deciding else None
            _write(transaction, run, [(screenshot_id, shot.review.version, deciding)], draft.decision, fields, by)
            self._tell(transaction, run, draft.decision)
            return shots.read(transaction, screenshot_id)

    def decide_many(self, run_id: str, draft: ReviewsDraft, by: Actor) -> Reviewed:
        with self._database.write() as transaction:
            run = _locked(transaction, run_id)
            if run is None:
                raise NotFound.of("run", run_id)
            refuse_superseded(transaction, run, allowed=draft.allow_superseded)
            rows, skipped = _undecided(transaction, run_id, draft)
            deciding = _deciding(transaction, [row["id"] for row in rows])
            group_id = new_id()
            fields = draft.model_dump(mode="json", include={"comment", "looked"}) | {"group_id": group_id}
            decided = [(row["id"], row["review_version"], deciding.get(row["id"])) for row in rows]
            _write(transaction, run, decided, draft.decision, fields, by)
            self._tell(transaction, run, draft.decision)
            return Reviewed(
                group_id=group_id,
                decision=draft.decision,
                screenshot_ids=[screenshot_id for screenshot_id, *_ in decided],
                skipped=skipped,
            )

    def take_back(self, run_id: str, group_id: str, by: Actor) -> Reviewed:
        with self._database.write() as transaction:
            run = _locked(transaction, run_id)
            query = sa.select(screenshots.c.id, screenshots.c.review_version, reviews.c.comparison_id).join(
                screenshots,
                sa.and_(
                    screenshots.c.id == reviews.c.screenshot_id,
                    screenshots.c.review_version == reviews.c.version,
                    screenshots.c.review.is_not(None),
                ),
            )
            found = sa.and_(reviews.c.run_id == run_id, reviews.c.group_id == group_id)
            known = transaction.first(sa.select(reviews.c.id).where(found).limit(1))
            if run is None or known is None:
                raise NotFound.of("group of decisions", group_id)
            rows = transaction.all(query.where(found).order_by(screenshots.c.id))
            taken = [(row["id"], row["review_version"], row["comparison_id"]) for row in rows]
            _write(transaction, run, taken, Decision.PENDING, {}, by)
            ids = [screenshot_id for screenshot_id, *_ in taken]
            return Reviewed(group_id=group_id, decision=Decision.PENDING, screenshot_ids=ids, skipped=[])

    def of(self, screenshot_id: str) -> list[Review]:
        query = sa.select(reviews).where(reviews.c.screenshot_id == screenshot_id)
        with self._database.read() as transaction:
            return [shots.review_of(row) for row in transaction.all(query.order_by(reviews.c.version.desc()))]

    def superseded_by(self, run_id: str) -> Run | None:
        with self._database.read() as transaction:
            run = transaction.first(sa.select(runs).where(runs.c.id == run_id))
            if run is None:
                raise NotFound.of("run", run_id)
            newer = superseded_by(transaction, run)
            return stored_runs.read(transaction, newer) if newer else None

    def _tell(self, transaction: Transaction, run: RowMapping, decision: Decision) -> None:
        """That nothing of the run waits for a decision any more: once for all of it, not for each picture."""
        if decision is Decision.PENDING or review_counts(transaction, [run["id"]])[run["id"]].pending:
            return
        Outbox(transaction, self._public_url).tell_run(EventType.RUN_REVIEWED, run["id"])


def _locked(transaction: Transaction, run_id: str) -> RowMapping | None:
    """The run, whose screenshots nobody else decides on until the end. Raises Conflict when nobody does at all."""
    found = lock_runs(transaction, runs.c.id == run_id)
    if not found:
        return None
    check_run(run_id, found[0]["purpose"], found[0]["status"])
    return found[0]


def _check(shot: Screenshot, draft: ReviewDraft) -> None:
    if shot.review is None or shot.verdict is None:
        raise Conflict("There is nothing to decide: it is neither changed nor new.")
    deciding = shot.deciding
    if draft.comparison_id is not None and (deciding is None or deciding.id != draft.comparison_id):
        raise SeenOtherwise("It was compared again since you looked at it: look again, then decide.")
    check_version(shot.review, draft)
    has_baseline = deciding is not None and deciding.baseline_item_id is not None
    check_approval(draft, shot.verdict, unstable=shot.unstable, has_baseline=has_baseline)


def _undecided(transaction: Transaction, run_id: str, draft: ReviewsDraft) -> tuple[list[RowMapping], list[Skipped]]:
    """What is decided on, in the order of the run, and what is left alone."""
    columns = [screenshots.c[name] for name in ("id", "review_version", "quarantine_id", "unstable")]
    query = (
        sa.select(*columns)
        .join(executions, executions.c.id == screenshots.c.execution_id)
        .where(screenshots.c.run_id == run_id, screenshots.c.review == Decision.PENDING, *_conditions(draft.among))
        .order_by(executions.c.position, screenshots.c.position)
    )
    chosen: list[RowMapping] = []
    skipped: list[Skipped] = []
    wanted = None if draft.among.screenshot_ids is None else set(draft.among.screenshot_ids)
    rows = transaction.all(query)
    if wanted is not None:
        skipped += _not_pending(transaction, run_id, wanted - {row["id"] for row in rows})
    for row in rows:
        if wanted is not None and row["id"] not in wanted:
            continue
        if row["quarantine_id"] is not None:
            skipped.append(Skipped(screenshot_id=row["id"], reason="quarantined"))
        elif row["unstable"] and draft.decision is Decision.APPROVED:
            skipped.append(Skipped(screenshot_id=row["id"], reason="unstable"))
        else:
            chosen.append(row)
    return chosen, skipped


def _not_pending(transaction: Transaction, run_id: str, ids: set[str]) -> list[Skipped]:
    """Why nobody decides on these. Raises Invalid, naming some that are not of the run."""
    columns = [screenshots.c.id, screenshots.c.review, reviews.c.actor_id]
    newest = sa.and_(reviews.c.screenshot_id == screenshots.c.id, reviews.c.version == screenshots.c.review_version)
    query = sa.select(*columns).outerjoin(reviews, newest).where(screenshots.c.run_id == run_id)
    rows = [
        row
        for chunk in batched(sorted(ids))
        for row in transaction.all(query.where(screenshots.c.id.in_(chunk)).order_by(screenshots.c.id))
    ]
    unknown = sorted(ids - {row["id"] for row in rows})
    if unknown:
        raise Invalid.field("among.screenshot_ids", f"{named(unknown)}: not of the run {run_id}")
    return [_told(row) for row in rows if row["review"] != Decision.PENDING]


def _told(row: RowMapping) -> Skipped:
    if row["review"] is None:
        return Skipped(screenshot_id=row["id"], reason="nothing_to_decide")
    return Skipped(screenshot_id=row["id"], reason="decided", decision=row["review"], by=row["actor_id"])


def _conditions(among: Among) -> list[sa.ColumnElement[bool]]:
    equal = (
        (screenshots.c.execution_id, among.execution_id),
        (screenshots.c.change_fingerprint, among.change_fingerprint),
        (executions.c.task_id, among.task_id),
        (executions.c.browser, among.browser),
        (executions.c.viewport_key, among.viewport_key),
        (screenshots.c.target, among.target),
    )
    narrowed = [column == value for column, value in equal if value is not None]
    return narrowed + ([screenshots.c.verdict.in_(among.verdicts)] if among.verdicts else [])


def _deciding(transaction: Transaction, ids: Sequence[str]) -> dict[str, str]:
    """The newest comparison that decides, of each screenshot that has one."""
    newest = sa.func.max(comparisons.c.id).label("newest")
    found: dict[str, str] = {}
    for chunk in batched(ids):
        query = sa.select(comparisons.c.screenshot_id, newest).where(
            comparisons.c.screenshot_id.in_(chunk), comparisons.c.decides.is_(sa.true())
        )
        rows = transaction.all(query.group_by(comparisons.c.screenshot_id))
        found |= {row["screenshot_id"]: row["newest"] for row in rows}
    return found


def _write(
    transaction: Transaction,
    run: RowMapping,
    decided: Sequence[tuple[str, int, str | None]],
    decision: Decision,
    fields: dict[str, Any],
    by: Actor,
) -> None:
    """decided: screenshot, version of its review until now, comparison that was seen."""
    if not decided:
        return
    values = {"review": decision, "review_version": screenshots.c.review_version + 1}
    for chunk in batched([screenshot_id for screenshot_id, *_ in decided]):
        transaction.change(sa.update(screenshots).where(screenshots.c.id.in_(chunk)).values(values))
    common = {
        "run_id": run["id"],
        "decision": decision,
        "actor_type": by.type,
        "actor_id": by.id,
        "at": transaction.now,
        "comment": "",
        "as_alternative": False,
        "group_id": None,
        "looked": None,
        **fields,
    }
    transaction.insert(
        reviews,
        [
            common | {"id": new_id(), "screenshot_id": shot, "version": version + 1, "comparison_id": comparison}
            for shot, version, comparison in decided
        ],
    )
    ids = [screenshot_id for screenshot_id, *_ in decided]
    targets = [f"run:{run['id']}", f"batch:{run['batch_id']}", *(f"screenshot:{each}" for each in ids)]
    data = {"decision": decision, "comment": common["comment"], "screenshots": len(ids)}
    record(transaction, by, f"review.{_ACTIONS[decision]}", targets, data)
