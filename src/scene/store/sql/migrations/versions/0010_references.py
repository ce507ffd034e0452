"""Which pictures of reference pages were compared with, without reading the comparisons."""

from scene.store.sql.migrations.columns import partial_index

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    columns = ["screenshot_id", "against_sha256"]
    partial_index("ix_comparisons_reference", "comparisons", columns, "kind = 'reference'")
