"""Projects, auth profiles, pages, tasks and batches."""

import sqlalchemy as sa

from scene.store.sql.schema.columns import (
    flag,
    id_,
    integer,
    json,
    metadata,
    number,
    optional_text,
    owned_by,
    refers_to,
    stamps,
    text,
    time,
)
from scene.store.sql.types import Json

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
    sa.Column("retention", Json, nullable=False, server_default="{}"),
    *stamps(),
)

auth_profiles = sa.Table(
    "auth_profiles",
    metadata,
    id_(),
    owned_by("project_id", "projects.id"),
    text("name"),
    # Names without values; the values are in what is sealed, with the key of that id.
    json("parts"),
    text("sealed"),
    text("key_id"),
    # Not a foreign key: tasks refer to pages, and pages to this.
    optional_text("login_task_id"),
    integer("max_age_seconds"),
    time("checked_at", nullable=True),
    time("expires_at", nullable=True),
    # What the login task left, and what it was made of: with anything else it is not the one that is wanted.
    optional_text("login_sealed"),
    optional_text("login_key_id"),
    optional_text("login_digest"),
    # Who signs in at this moment, until when at the latest; and why the last one could not.
    optional_text("login_holder"),
    time("login_lease_expires_at", nullable=True),
    json("login_failure", nullable=True),
    *stamps(),
    sa.UniqueConstraint("project_id", "name"),
    sa.Index(None, "project_id", "id"),
    sa.Index(None, "login_task_id"),
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
    refers_to("auth_profile_id", "auth_profiles.id", nullable=True),
    json("headers"),
    json("expected_status"),
    flag("ignore_https_errors"),
    *stamps(),
    sa.UniqueConstraint("project_id", "name"),
    sa.Index(None, "project_id", "id"),
    sa.Index(None, "auth_profile_id"),
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
