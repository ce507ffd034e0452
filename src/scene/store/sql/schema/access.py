"""Who may come in: people, their sessions, tokens, and how often somebody tried."""

import sqlalchemy as sa

from scene.store.sql.schema.columns import flag, id_, integer, metadata, optional_text, owned_by, stamps, text, time
from scene.store.sql.types import PlainText

users = sa.Table(
    "users",
    metadata,
    id_(),
    text("name", unique=True),
    text("role"),
    flag("enabled"),
    optional_text("password_hash"),
    optional_text("issuer"),
    optional_text("subject"),
    time("last_sign_in_at", nullable=True),
    *stamps(),
    sa.UniqueConstraint("issuer", "subject"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    id_(),
    owned_by("user_id", "users.id"),
    # Of the secret that the browser keeps: who reads the database cannot come in with it.
    text("digest", unique=True),
    text("means"),
    time("created_at"),
    time("expires_at"),
    time("last_seen_at"),
    optional_text("address"),
    optional_text("user_agent"),
    sa.Index(None, "user_id"),
    sa.Index(None, "expires_at"),
)

tokens = sa.Table(
    "tokens",
    metadata,
    id_(),
    owned_by("user_id", "users.id", nullable=True),
    text("name"),
    text("digest", unique=True),
    text("scope"),
    time("created_at"),
    time("expires_at", nullable=True),
    time("last_used_at", nullable=True),
    time("revoked_at", nullable=True),
    sa.Index(None, "user_id", "id"),
)

_USABLE = tokens.c.revoked_at.is_(None)

sa.Index("uq_tokens_usable_name", tokens.c.name, unique=True, sqlite_where=_USABLE, postgresql_where=_USABLE)

throttles = sa.Table(
    "throttles",
    metadata,
    sa.Column("key", PlainText, primary_key=True),
    integer("tries"),
    time("window_ends_at"),
    sa.Index(None, "window_ends_at"),
)
