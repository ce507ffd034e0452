"""What the executions of a history captured: pictures of a baseline, and others where something changed."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from history.pictures import RENDERER, file_of, store
from scene.domain.model import new_id, utc_now
from scene.domain.options import ComparisonPolicy
from scene.domain.pictures import ComparisonKind
from scene.domain.status import Status, Verdict
from scene.store.sql.schema import artifacts, baseline_items, comparisons, executions, screenshots

_CELL = ("task_id", "browser", "viewport_key")
_OF_A_CHANGE = ("diff", "heatmap", "trace", "stats")
"""Files that are kept of an execution that changed; of one that did not, nothing is."""


def capture(engine: sa.Engine, run_ids: Iterable[str], baseline_id: str, *, references: bool) -> None:
    """One picture of each execution that finished in these runs, compared with that of the baseline; and, with
    references, with one of a reference page that looks the same."""
    kinds = list(ComparisonKind) if references else [ComparisonKind.BASELINE]
    query = (
        sa.select(executions.c.id, executions.c.run_id, executions.c.verdict, baseline_items.c.picture_sha256)
        .add_columns(baseline_items.c.id.label("item_id"))
        .join(baseline_items, sa.and_(*(baseline_items.c[name] == executions.c[name] for name in _CELL)))
        .where(baseline_items.c.baseline_id == baseline_id, executions.c.status == Status.FINISHED)
    )
    for run_id in run_ids:
        with engine.begin() as connection:
            rows = connection.execute(query.where(executions.c.run_id == run_id)).mappings().all()
            changed = [row["id"] for row in rows if row["verdict"] == Verdict.CHANGED]
            others = dict(zip(changed, store(connection, changed, utc_now()) if changed else [], strict=True))
            shots = [_screenshot(row, others.get(row["id"], row["picture_sha256"])) for row in rows]
            connection.execute(sa.insert(screenshots), shots)
            compared = [_comparison(*pair, kind) for pair in zip(rows, shots, strict=True) for kind in kinds]
            connection.execute(sa.insert(comparisons), compared)
            files = [
                file_of(f"{kind} {execution_id}", kind, utc_now()) | {"execution_id": execution_id, "attempt": 1}
                for execution_id in changed
                for kind in _OF_A_CHANGE
            ]
            if files:
                connection.execute(sa.insert(artifacts), files)


def _screenshot(row: RowMapping, digest: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "execution_id": row["id"],
        "run_id": row["run_id"],
        "position": 0,
        "target": "full",
        "picture_sha256": digest,
        "renderer": RENDERER.model_dump(mode="json"),
        "masks": [],
        "unstable": False,
        "frames": 1,
        "verdict": row["verdict"],
    }


def _comparison(row: RowMapping, shot: dict[str, Any], kind: ComparisonKind) -> dict[str, Any]:
    is_changed = row["verdict"] == Verdict.CHANGED
    return {
        "id": new_id(),
        "screenshot_id": shot["id"],
        "kind": kind,
        "decides": kind is ComparisonKind.BASELINE,
        "baseline_item_id": row["item_id"] if kind is ComparisonKind.BASELINE else None,
        "against_sha256": row["picture_sha256"],
        "policy": ComparisonPolicy().model_dump(mode="json"),
        "masks": [],
        "stats": {},
        "changed_pixels": 5_000 if is_changed else 0,
        "percent_changed": 0.1 if is_changed else 0.0,
        "verdict": row["verdict"],
        "sentence": "One region changed." if is_changed else "Nothing changed.",
        "renderer_differences": [],
        "against_unstable": False,
        "created_at": utc_now(),
    }
