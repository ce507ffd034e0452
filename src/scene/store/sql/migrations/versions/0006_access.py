"""Who may come in: people, their sessions, tokens, and how often somebody tried."""

import sqlalchemy as sa
from alembic import op

from scene.store.sql.migrations.columns import each, flag, index, integer, text, time

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "users",
        text("id", primary_key=True),
        *each(text, "name", "role"),
        flag("enabled"),
        *each(text, "password_hash", "issuer", "subject", nullable=True),
        time("last_sign_in_at", nullable=True),
        integer("version"),
        *each(time, "created_at", "updated_at"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.create_table(
        "sessions",
        text("id", primary_key=True),
        text("user_id", sa.ForeignKey("users.id", ondelete="CASCADE")),
        *each(text, "digest", "means"),
        *each(time, "created_at", "expires_at", "last_seen_at"),
        *each(text, "address", "user_agent", nullable=True),
        sa.UniqueConstraint("digest"),
    )
    index("sessions", "user_id")
    index("sessions", "expires_at")
    op.create_table(
        "tokens",
        text("id", primary_key=True),
        text("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=True),
        *each(text, "name", "digest", "scope"),
        time("created_at"),
        *each(time, "expires_at", "last_used_at", "revoked_at", nullable=True),
        sa.UniqueConstraint("digest"),
    )
    index("tokens", "user_id", "id")
    usable = sa.text("revoked_at IS NULL")
    op.create_index(
        "uq_tokens_usable_name", "tokens", ["name"], unique=True, sqlite_where=usable, postgresql_where=usable
    )
    op.create_table(
        "throttles",
        text("key", primary_key=True),
        integer("tries"),
        time("window_ends_at"),
    )
    index("throttles", "window_ends_at")
