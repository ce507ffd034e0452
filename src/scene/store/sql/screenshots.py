"""Screenshots with their comparisons."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.filters import ScreenshotFilter
from scene.domain.pictures import Comparison, Picture, Screenshot
from scene.domain.reviews import TO_REVIEW, UNDECIDED, Decision, Review
from scene.domain.status import Purpose, Verdict
from scene.errors import NotFound
from scene.store.sql import artifacts, pictures
from scene.store.sql.database import Database, Transaction, batched
from scene.store.sql.filtering import matching_screenshots
from scene.store.sql.paging import slice_of
from scene.store.sql.quarantining import InQuarantine
from scene.store.sql.schema import baseline_items, comparisons, reviews, screenshots
from scene.store.values import CapturedScreenshot, JudgedAgain, Slice, SliceRequest


class SqlScreenshots:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, execution_ids: list[str]) -> dict[str, list[Screenshot]]:
        found: dict[str, list[Screenshot]] = {execution_id: [] for execution_id in execution_ids}
        with self._database.read() as transaction:
            for chunk in batched(execution_ids):
                for screenshot in _select(transaction, screenshots.c.execution_id.in_(chunk)):
                    found[screenshot.execution_id].append(screenshot)
        return found

    def get(self, screenshot_id: str) -> Screenshot:
        with self._database.read() as transaction:
            return read(transaction, screenshot_id)

    def of_run(self, run_id: str, request: SliceRequest, only: ScreenshotFilter) -> Slice[Screenshot]:
        query = sa.select(screenshots.c.id).where(screenshots.c.run_id == run_id, *matching_screenshots(only))
        with self._database.read() as transaction:
            scope = f"screenshots {run_id} {only.digest()}"
            rows, cursor = slice_of(transaction, query, screenshots.c.id, request, scope)
            found = _select(transaction, screenshots.c.id.in_([row["id"] for row in rows]))
        return Slice(sorted(found, key=lambda shot: shot.id, reverse=True), cursor)

    def picture(self, sha256: str) -> Picture | None:
        with self._database.read() as transaction:
            return pictures.by_digest(transaction, [sha256]).get(sha256)


def read(transaction: Transaction, screenshot_id: str) -> Screenshot:
    """Raises NotFound."""
    found = _select(transaction, screenshots.c.id == screenshot_id)
    if not found:
        raise NotFound.of("screenshot", screenshot_id)
    return found[0]


def _select(transaction: Transaction, condition: sa.ColumnElement[bool]) -> list[Screenshot]:
    query = sa.select(screenshots).where(condition).order_by(screenshots.c.execution_id, screenshots.c.position)
    rows = transaction.all(query)
    compared = _comparisons(transaction, [row["id"] for row in rows])
    known = pictures.by_digest(
        transaction,
        [row[name] for row in rows for name in ("picture_sha256", "missing_sha256")]
        + [comparison["against_sha256"] for found in compared.values() for comparison in found],
    )
    names = ("diff_artifact_id", "heatmap_artifact_id")
    files = artifacts.by_id(
        transaction, [comparison[name] for found in compared.values() for comparison in found for name in names]
    )
    renderers = _renderers(transaction, [each["baseline_item_id"] for found in compared.values() for each in found])
    same = _same_changes(transaction, rows)
    decided = _reviews(transaction, rows)

    def comparison_of(row: RowMapping) -> Comparison:
        return Comparison(
            against=known[row["against_sha256"]],
            diff=files.get(row["diff_artifact_id"]),
            heatmap=files.get(row["heatmap_artifact_id"]),
            against_renderer=renderers.get(row["baseline_item_id"]),
            **{name: row[name] for name in _COMPARISON_FIELDS},
        )

    return [
        Screenshot(
            picture=known.get(row["picture_sha256"]),
            missing_picture=known.get(row["missing_sha256"]),
            same_change_count=same.get((row["run_id"], row["change_fingerprint"]), 1) - 1,
            comparisons=[comparison_of(comparison) for comparison in compared[row["id"]]],
            review=decided.get(row["id"], UNDECIDED) if row["review"] is not None else None,
            **{name: row[name] for name in _SCREENSHOT_FIELDS},
        )
        for row in rows
    ]


_SCREENSHOT_FIELDS = [name for name in Screenshot.model_fields if name in screenshots.columns and name != "review"]
_COMPARISON_FIELDS = [name for name in Comparison.model_fields if name in comparisons.columns]


def _comparisons(transaction: Transaction, ids: Sequence[str]) -> dict[str, list[RowMapping]]:
    """Of each screenshot, newest first."""
    found: dict[str, list[RowMapping]] = {screenshot_id: [] for screenshot_id in ids}
    for chunk in batched(ids):
        query = sa.select(comparisons).where(comparisons.c.screenshot_id.in_(chunk))
        for row in transaction.all(query.order_by(comparisons.c.id.desc())):
            found[row["screenshot_id"]].append(row)
    return found


def _renderers(transaction: Transaction, item_ids: Iterable[str | None]) -> dict[str, Any]:
    """Of baseline items, by their ids."""
    found: dict[str, Any] = {}
    for chunk in batched(sorted({item_id for item_id in item_ids if item_id is not None})):
        query = sa.select(baseline_items.c.id, baseline_items.c.renderer).where(baseline_items.c.id.in_(chunk))
        found |= {row["id"]: row["renderer"] for row in transaction.all(query)}
    return found


def _reviews(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[str, Review]:
    """The newest of each screenshot that was ever decided on."""
    ids = [row["id"] for row in rows if row["review_version"] > 0]
    return {
        row["screenshot_id"]: review_of(row)
        for chunk in batched(ids)
        for row in transaction.all(
            sa.select(reviews).where(reviews.c.screenshot_id.in_(chunk)).order_by(reviews.c.version)
        )
    }


def review_of(row: RowMapping) -> Review:
    names = [name for name in Review.model_fields if name != "by"]
    return Review.model_validate({**{name: row[name] for name in names}, "by": row["actor_id"]})


def _same_changes(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[tuple[str, str], int]:
    """How many screenshots of a run changed in the same way, by run and fingerprint."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        if row["change_fingerprint"] is not None:
            wanted.setdefault(row["run_id"], set()).add(row["change_fingerprint"])
    columns = (screenshots.c.run_id, screenshots.c.change_fingerprint)
    found: dict[tuple[str, str], int] = {}
    for run_id, fingerprints in wanted.items():
        for chunk in batched(sorted(fingerprints)):
            query = sa.select(*columns, sa.func.count().label("count")).group_by(*columns)
            for row in transaction.all(query.where(columns[0] == run_id, columns[1].in_(chunk))):
                found[row["run_id"], row["change_fingerprint"]] = row["count"]
    return found


def insert(
    transaction: Transaction,
    run: RowMapping,
    execution_id: str,
    captured: Sequence[CapturedScreenshot],
    quarantine: InQuarantine,
) -> None:
    """With their pictures and comparisons, and the files of both."""
    compared = [comparison for shot in captured for comparison in shot.comparisons]
    shown = [picture for shot in captured for picture in (shot.picture, shot.missing_picture) if picture]
    pictures.insert_new(transaction, shown + [comparison.against for comparison in compared])
    transaction.insert(
        screenshots,
        [
            _screenshot_row(run, execution_id, position, shot, quarantine.of(shot.target))
            for position, shot in enumerate(captured)
        ],
    )
    _insert_comparisons(transaction, compared)


def judge_again(transaction: Transaction, again: Sequence[JudgedAgain]) -> None:
    """Add comparisons, with their files, and change the verdicts to theirs."""
    compared = [comparison for each in again for comparison in each.comparisons]
    pictures.insert_new(transaction, [comparison.against for comparison in compared])
    for each in again:
        values = {
            "verdict": each.verdict,
            "change_fingerprint": change_fingerprint(each.verdict, each.comparisons),
            # What was decided stays while there is something to decide: it was decided on these pictures.
            "review": sa.func.coalesce(screenshots.c.review, Decision.PENDING) if each.verdict in TO_REVIEW else None,
        }
        transaction.change(sa.update(screenshots).where(screenshots.c.id == each.screenshot_id).values(values))
    _insert_comparisons(transaction, compared)
    artifacts.insert(transaction, [file for each in again for file in each.files])


def _insert_comparisons(transaction: Transaction, compared: Sequence[Comparison]) -> None:
    transaction.insert(comparisons, [_comparison_row(comparison) for comparison in compared])
    drawn = [file for comparison in compared for file in (comparison.diff, comparison.heatmap)]
    artifacts.insert(transaction, [file for file in drawn if file is not None])


def to_review(purpose: str, verdict: Verdict | None) -> Decision | None:
    """What a screenshot begins with."""
    return Decision.PENDING if purpose == Purpose.COMPARISON and verdict in TO_REVIEW else None


def _screenshot_row(
    run: RowMapping, execution_id: str, position: int, shot: CapturedScreenshot, quarantine_id: str | None
) -> dict[str, Any]:
    return {
        "id": shot.id,
        "execution_id": execution_id,
        "run_id": run["id"],
        "position": position,
        "target": shot.target,
        "picture_sha256": shot.picture.sha256 if shot.picture else None,
        "missing_sha256": shot.missing_picture.sha256 if shot.missing_picture else None,
        "renderer": shot.renderer.model_dump(mode="json") if shot.renderer else None,
        "masks": [mask.model_dump(mode="json") for mask in shot.masks],
        "unstable": shot.unstable,
        "unstable_area": shot.unstable_area.model_dump(mode="json") if shot.unstable_area else None,
        "frames": shot.frames,
        "only_on": shot.only_on,
        "verdict": shot.verdict,
        "change_fingerprint": change_fingerprint(shot.verdict, shot.comparisons),
        "review": to_review(run["purpose"], shot.verdict),
        "quarantine_id": quarantine_id,
    }


def change_fingerprint(verdict: Verdict | None, compared: Sequence[Comparison]) -> str | None:
    """Of the comparison that decided that a screenshot changed."""
    deciding = next((each for each in compared if each.decides), None)
    return deciding.stats.change_fingerprint if deciding is not None and verdict is Verdict.CHANGED else None


def _comparison_row(comparison: Comparison) -> dict[str, Any]:
    return {
        "id": comparison.id,
        "screenshot_id": comparison.screenshot_id,
        "kind": comparison.kind,
        "decides": comparison.decides,
        "baseline_item_id": comparison.baseline_item_id,
        "alternative": comparison.alternative,
        "against_sha256": comparison.against.sha256,
        "policy": comparison.policy.model_dump(mode="json"),
        "masks": [mask.model_dump(mode="json") for mask in comparison.masks],
        "stats": comparison.stats.model_dump(mode="json"),
        "changed_pixels": comparison.stats.changed_pixels,
        "percent_changed": comparison.stats.percent_changed,
        "verdict": comparison.verdict,
        "sentence": comparison.sentence,
        "renderer_differences": [each.model_dump(mode="json") for each in comparison.renderer_differences],
        "against_unstable": comparison.against_unstable,
        "diff_artifact_id": comparison.diff.id if comparison.diff else None,
        "heatmap_artifact_id": comparison.heatmap.id if comparison.heatmap else None,
        "created_at": comparison.created_at,
    }
