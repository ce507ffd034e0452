"""How long each project keeps its runs and baselines."""

import sqlalchemy as sa
from alembic import op

from scene.store.sql.migrations.columns import JSON

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("projects", sa.Column("retention", JSON, nullable=False, server_default="{}"))
