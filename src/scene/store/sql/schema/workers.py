"""Who carries out executions."""

import sqlalchemy as sa

from scene.store.sql.schema.columns import flag, id_, integer, json, metadata, text, time

workers = sa.Table(
    "workers",
    metadata,
    id_(),
    text("name"),
    text("host"),
    text("launcher"),
    integer("slots"),
    json("browsers"),
    json("labels"),
    flag("draining"),
    time("started_at"),
    time("heartbeat_at"),
    sa.Index(None, "heartbeat_at"),
)
