"""Runs that a newer run has made old."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.reviews import Superseded
from scene.domain.status import Purpose
from scene.store.sql.database import Transaction
from scene.store.sql.schema import runs

_OF_THE_BUILD = {"commit", "build_url"}
"""Labels that every build has its own of."""
_LOOKED_AT = 100
"""Newer runs of a batch and line, the newest first."""


def superseded_by(transaction: Transaction, run: RowMapping) -> str | None:
    """Id of the newest run that compared all of the same batch, on the same line, with the same labels."""
    newer = sa.select(runs.c.id, runs.c.labels).where(
        runs.c.batch_id == run["batch_id"],
        runs.c.id > run["id"],
        runs.c.line == run["line"],
        runs.c.purpose == Purpose.COMPARISON,
        runs.c.task_ids.is_(None),
        runs.c.rerun_of.is_(None),
    )
    rows = transaction.all(newer.order_by(runs.c.id.desc()).limit(_LOOKED_AT))
    own = _lasting(run["labels"])
    return next((row["id"] for row in rows if _lasting(row["labels"]) == own), None)


def refuse_superseded(transaction: Transaction, run: RowMapping, *, allowed: bool) -> None:
    """Raises Superseded, naming the newer run."""
    newer = None if allowed else superseded_by(transaction, run)
    if newer is not None:
        raise Superseded(
            f"The run {newer} is newer, of the same batch, line and labels: review that one. "
            "To decide on this one nevertheless, say allow_superseded."
        )


def _lasting(labels: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in labels.items() if name not in _OF_THE_BUILD}
