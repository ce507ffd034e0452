"""Projects, pages, tasks and batches."""

import sqlalchemy as sa

from scene.store.sql.schema.columns import (
    flag,
    id_,
    json,
    metadata,
    number,
    optional_text,
    owned_by,
    refers_to,
    stamps,
    text,
)

projects = sa.Table(
    "projects",
    metadata,
    id_(),
    text("name"),
    text("slug", unique=True),
    text("description"),
    optional_text("base_url"),
    json("capture"),
    json("dismissals"),
    json("allowed_hosts"),
    json("denied_hosts"),
    *stamps(),
)

pages = sa.Table(
    "pages",
    metadata,
    id_(),
    owned_by("project_id", "projects.id"),
    text("name"),
    text("url"),
    optional_text("reference_url"),
    json("preparatory_actions"),
    optional_text("preparatory_js"),
    json("headers"),
    json("expected_status"),
    flag("ignore_https_errors"),
    *stamps(),
    sa.UniqueConstraint("project_id", "name"),
    sa.Index(None, "project_id", "id"),
)

tasks = sa.Table(
    "tasks",
    metadata,
    id_(),
    owned_by("project_id", "projects.id"),
    refers_to("page_id", "pages.id"),
    text("name"),
    json("browsers"),
    json("viewports"),
    json("targets"),
    json("task_actions"),
    optional_text("task_js"),
    text("compare_with"),
    json("capture"),
    json("policy"),
    *stamps(),
    sa.UniqueConstraint("project_id", "name"),
    sa.Index(None, "project_id", "id"),
    sa.Index(None, "page_id"),
)

batches = sa.Table(
    "batches",
    metadata,
    id_(),
    owned_by("project_id", "projects.id"),
    text("name"),
    text("description"),
    json("baseline_policy"),
    optional_text("jira_issue"),
    number("execution_diff_threshold_percent"),
    number("run_diff_threshold_percent"),
    *stamps(),
    sa.UniqueConstraint("project_id", "name"),
    sa.Index(None, "project_id", "id"),
)

batch_tasks = sa.Table(
    "batch_tasks",
    metadata,
    owned_by("batch_id", "batches.id", primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    owned_by("task_id", "tasks.id"),
    flag("enabled"),
    sa.Index(None, "task_id"),
)
