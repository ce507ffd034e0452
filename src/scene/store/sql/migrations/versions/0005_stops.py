"""Runs and executions that were asked to stop."""

import sqlalchemy as sa
from alembic import op

from scene.store.sql.migrations.columns import text, time

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("runs", text("stop_reason", nullable=True))
    op.add_column("runs", time("stop_requested_at", nullable=True))
    op.add_column("executions", sa.Column("no_retry", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("executions", time("stop_requested_at", nullable=True))
