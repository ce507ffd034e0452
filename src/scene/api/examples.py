"""Request bodies that the documentation shows: together they are the main job."""

from datetime import timedelta
from typing import Annotated

from fastapi import Body

from scene.api.schemas import StopRequest
from scene.domain.access import TokenDraft, UserWithPassword
from scene.domain.auth import AuthProfileDraft, StorageState
from scene.domain.catalog import BatchDraft, PageDraft, ProjectDraft, TaskDraft
from scene.domain.model import utc_now
from scene.domain.promotion import CarryingDraft, PromotionDraft, RestorationDraft
from scene.domain.quarantines import QuarantineDraft
from scene.domain.reviews import ReviewDraft, ReviewsDraft
from scene.domain.runs import DryRunDraft, RunDraft
from scene.domain.schedules import ScheduleDraft
from scene.domain.webhooks import Redelivery, Rotation, WebhookDraft

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
_QUARANTINE = {
    "task_id": "019f0000000070008000000000000002",
    "target": "element:ticker#1",
    "reason": "The ticker shows what is sold at the moment.",
    "owner": "ann",
    "expires_at": f"{utc_now() + timedelta(days=90):%Y-%m-%d}T00:00:00Z",  # a day that is to come, whenever it is read
    "jira_issue": "SHOP-123",
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
_WEBHOOK = {
    "endpoint_url": "https://ci.example.org/hooks/scene",
    "event_types": ["run.finished", "task.failed"],
    "custom_headers": {"Authorization": "Bearer 1f2e3d4c"},
}
_REDELIVERY = {
    "statuses": ["failed"],
    "created_after": "2026-03-01T12:00:00Z",
    "created_before": "2026-03-02T12:00:00Z",
}

ProjectBody = Annotated[ProjectDraft, Body(examples=[_PROJECT])]
AuthProfileBody = Annotated[AuthProfileDraft, Body(examples=[_AUTH_PROFILE])]
StorageStateBody = Annotated[StorageState, Body(examples=[_STATE])]
PageBody = Annotated[PageDraft, Body(examples=[_PAGE])]
TaskBody = Annotated[TaskDraft, Body(examples=[_TASK])]
BatchBody = Annotated[BatchDraft, Body(examples=[_BATCH])]
TokenBody = Annotated[TokenDraft, Body(examples=[{"name": "ci", "scope": "write"}])]
UserBody = Annotated[UserWithPassword, Body(examples=[{"name": "jane", "role": "write"}])]
DryRunBody = Annotated[DryRunDraft, Body(examples=[{"browser": "chromium", "viewport": "1280x800@1"}])]
ScheduleBody = Annotated[ScheduleDraft, Body(examples=[_SCHEDULE])]
WebhookBody = Annotated[WebhookDraft, Body(examples=[_WEBHOOK])]
RotationBody = Annotated[Rotation, Body(examples=[{"previous_valid_seconds": 86_400}])]
RedeliveryBody = Annotated[Redelivery, Body(examples=[_REDELIVERY])]
RunBody = Annotated[RunDraft, Body(examples=[_RUN])]
ReviewBody = Annotated[ReviewDraft, Body(examples=[{"decision": "approved", "comment": "As designed", "version": 0}])]
ReviewsBody = Annotated[ReviewsDraft, Body(examples=[{"decision": "approved", "among": {"verdicts": ["changed"]}}])]
PromotionBody = Annotated[PromotionDraft, Body(examples=[{"notes": "New header", "drop_removed_tasks": True}])]
CarryingBody = Annotated[CarryingDraft, Body(examples=[{"line": "main"}])]
RestorationBody = Annotated[RestorationDraft, Body(examples=[{"notes": "The new header was too early"}])]
QuarantineBody = Annotated[QuarantineDraft, Body(examples=[_QUARANTINE])]
StopBody = Annotated[StopRequest, Body(examples=[{"mode": "soft"}])]
