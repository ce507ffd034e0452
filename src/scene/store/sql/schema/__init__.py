"""Every table, of one metadata."""

from scene.store.sql.schema.access import sessions, throttles, tokens, users
from scene.store.sql.schema.catalog import auth_profiles, batch_tasks, batches, pages, projects, tasks
from scene.store.sql.schema.columns import metadata
from scene.store.sql.schema.pictures import (
    artifacts,
    baseline_alternatives,
    baseline_items,
    baselines,
    comparisons,
    pictures,
    screenshots,
)
from scene.store.sql.schema.records import audit, settings
from scene.store.sql.schema.reviews import quarantines, reviews
from scene.store.sql.schema.runs import attempts, executions, runs, snapshots
from scene.store.sql.schema.schedules import schedules
from scene.store.sql.schema.webhooks import deliveries, delivery_tries, webhooks
from scene.store.sql.schema.workers import workers

__all__ = [
    "artifacts",
    "attempts",
    "audit",
    "auth_profiles",
    "baseline_alternatives",
    "baseline_items",
    "baselines",
    "batch_tasks",
    "batches",
    "comparisons",
    "deliveries",
    "delivery_tries",
    "executions",
    "metadata",
    "pages",
    "pictures",
    "projects",
    "quarantines",
    "reviews",
    "runs",
    "schedules",
    "screenshots",
    "sessions",
    "settings",
    "snapshots",
    "tasks",
    "throttles",
    "tokens",
    "users",
    "webhooks",
    "workers",
]
