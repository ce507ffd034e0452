"""Settings and audit entries."""

import sqlalchemy as sa

from scene.store.sql.schema.columns import id_, integer, json, metadata, optional_text, text, time

settings = sa.Table(
    "settings",
    metadata,
    # One row, 1. Its lock is the admission lock: see admission.py.
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    # What differs from the defaults of domain.records.Settings, so that a new setting needs no migration.
    json("document"),
    integer("version"),
)

audit = sa.Table(
    "audit",
    metadata,
    # Triggers of migration 0008 refuse every change of a row, and its removal.
    id_(),
    # Of the chain: written last before the commit, see chain.py.
    integer("seq"),
    text("sha256"),
    time("occurred_at"),
    text("actor_type"),
    text("actor_id"),
    optional_text("address"),
    optional_text("user_agent"),
    text("action"),
    json("targets"),
    json("data"),
    sa.UniqueConstraint("seq"),
    sa.Index(None, "actor_id", "id"),
    sa.Index(None, "action", "id"),
)
