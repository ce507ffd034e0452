"""The audit log becomes a chain that the database lets nobody change."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from scene.store.sql.migrations.columns import JSON, index, integer, text, time

revision = "0008"
down_revision = "0007"

_FIELDS = ("id", "occurred_at", "actor_type", "actor_id", "address", "user_agent", "action", "targets", "data")
_AT_ONCE = 1_000


def upgrade() -> None:
    op.add_column("audit", integer("seq", nullable=True))
    op.add_column("audit", text("sha256", nullable=True))
    _chain_what_is_there()
    with op.batch_alter_table("audit") as audit:
        audit.alter_column("seq", existing_type=sa.BigInteger, nullable=False)
        audit.alter_column("sha256", existing_type=sa.Text, nullable=False)
        audit.create_unique_constraint("uq_audit_seq", ["seq"])
    index("audit", "actor_id", "id")
    index("audit", "action", "id")
    if op.get_bind().dialect.name == "postgresql":
        _append_only_on_postgresql()
    else:
        _append_only_on_sqlite()


def _chain_what_is_there() -> None:
    plain = [text(name) for name in _FIELDS if name not in ("occurred_at", "targets", "data")]
    audit = sa.table(
        "audit", time("occurred_at"), sa.column("targets", JSON), sa.column("data", JSON), *plain, integer("seq"),
        text("sha256"),
    )  # fmt: skip
    connection = op.get_bind()
    ordered = sa.select(audit.c.id).order_by(audit.c.occurred_at, audit.c.id)
    ids = list(connection.execute(ordered).scalars())
    change = (
        sa.update(audit)
        .where(audit.c.id == sa.bindparam("of"))
        .values(seq=sa.bindparam("number"), sha256=sa.bindparam("sum"))
    )
    digest = "0" * 64
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        rows = {row["id"]: row for row in connection.execute(sa.select(audit).where(audit.c.id.in_(some))).mappings()}
        moved = []
        for seq, each in enumerate(some, start + 1):
            digest = _digest(digest, seq, {name: rows[each][name] for name in _FIELDS})
            moved.append({"of": each, "number": seq, "sum": digest})
        connection.execute(change, moved)


def _digest(previous: str, seq: int, row: dict[str, Any]) -> str:
    """As scene.domain.chain.digest_after."""
    actor = {
        "type": row["actor_type"],
        "id": row["actor_id"],
        "address": row["address"],
        "user_agent": row["user_agent"],
    }
    document = {
        "seq": seq,
        "id": row["id"],
        "occurred_at": _utc(row["occurred_at"]),
        "actor": actor,
        "action": row["action"],
        "targets": row["targets"],
        "data": row["data"],
        "previous": previous,
    }
    canonical = json.dumps(_plain(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _utc(moment: datetime) -> str:
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat().removesuffix("+00:00") + "Z"


def _plain(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def _append_only_on_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END"
    op.execute(f"CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit {refuse}")
    op.execute(f"CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit {refuse}")
    # INSERT OR REPLACE removes a row without asking the trigger above.
    replaces = "EXISTS (SELECT 1 FROM audit WHERE id = NEW.id OR seq = NEW.seq)"
    op.execute(f"CREATE TRIGGER audit_never_replaced BEFORE INSERT ON audit WHEN {replaces} {refuse}")


def _append_only_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_never_changes() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit entries are never changed'; END $$"
    )
    changed = "EXECUTE FUNCTION audit_never_changes()"
    op.execute(f"CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW {changed}")
    op.execute(f"CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT {changed}")
