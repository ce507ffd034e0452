"""Request bodies that the documentation shows: together they are the main job."""

from typing import Annotated

from fastapi import Body

from scene.api.schemas import StopRequest
from scene.domain.auth import AuthProfileDraft, StorageState
from scene.domain.catalog import BatchDraft, PageDraft, ProjectDraft, TaskDraft
from scene.domain.runs import DryRunDraft, RunDraft
from scene.domain.schedules import ScheduleDraft

_PROJECT = {"name": "Shop", "slug": "shop", "base_url": "https://shop.example.org"}
_PAGE = {"name": "Home", "url": "/"}
_TASK = {
    "name": "Home",
    "page_id": "019f0000000070008000000000000001",
    "browsers": ["chromium"],
    "viewports": [{"name": "desktop", "width": 1280, "height": 800}],
}
_BATCH = {"name": "Smoke", "tasks": [{"task_id": "019f0000000070008000000000000002"}], "jira_issue": "SHOP-123"}
_RUN = {
    "batch_id": "019f0000000070008000000000000003",
    "purpose": "comparison",
    "labels": {"branch": "main", "commit": "1f2e3d4"},
}

_SCHEDULE = {
    "name": "Every morning",
    "batch_id": "019f0000000070008000000000000003",
    "cron": "0 6 * * 1-5",
    "time_zone": "Europe/Berlin",
}
_AUTH_PROFILE = {
    "name": "Customer",
    "secrets": {"email": "ann@example.org", "password": "correct horse"},
    "login_task_id": "019f0000000070008000000000000002",
}
_STATE = {
    "cookies": [{"name": "session", "value": "8f14e45f", "domain": "shop.example.org", "httpOnly": True}],
    "origins": [{"origin": "https://shop.example.org", "localStorage": [{"name": "theme", "value": "dark"}]}],
}

ProjectBody = Annotated[ProjectDraft, Body(examples=[_PROJECT])]
AuthProfileBody = Annotated[AuthProfileDraft, Body(examples=[_AUTH_PROFILE])]
StorageStateBody = Annotated[StorageState, Body(examples=[_STATE])]
PageBody = Annotated[PageDraft, Body(examples=[_PAGE])]
TaskBody = Annotated[TaskDraft, Body(examples=[_TASK])]
BatchBody = Annotated[BatchDraft, Body(examples=[_BATCH])]
DryRunBody = Annotated[DryRunDraft, Body(examples=[{"browser": "chromium", "viewport": "1280x800@1"}])]
ScheduleBody = Annotated[ScheduleDraft, Body(examples=[_SCHEDULE])]
RunBody = Annotated[RunDraft, Body(examples=[_RUN])]
StopBody = Annotated[StopRequest, Body(examples=[{"mode": "soft"}])]
