"""Shapes of the REST interface that are not the entities themselves."""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, WithJsonSchema

from scene.domain.auth import AuthProfileDraft
from scene.domain.baselines import Baseline
from scene.domain.catalog import BatchDraft, PageDraft, ProjectDraft, TaskDraft
from scene.domain.model import Model
from scene.domain.pictures import Artifact, Screenshot
from scene.domain.promotion import ChangeKind, ItemChange
from scene.domain.quarantines import QuarantineDraft
from scene.domain.runs import Attempt, ConfigurationSnapshot, Execution, Run
from scene.domain.schedules import ScheduleDraft
from scene.domain.settings import Settings
from scene.domain.stopping import StopMode
from scene.domain.webhooks import WebhookDraft
from scene.store.values import BaselineDifferences, Slice

T = TypeVar("T")


class ListOf(BaseModel, Generic[T]):
    """One slice of a list. ``next_cursor`` asks for the rest; it is null at the end."""

    items: list[T]
    next_cursor: str | None

    @classmethod
    def of(cls, found: Slice[T]) -> "ListOf[T]":
        return cls(items=found.items, next_cursor=found.next_cursor)


class StartedRun(Run):
    warnings: list[str]
    """What is known to go wrong, such as a browser that is missing; everything else goes on."""


class StopRequest(Model):
    mode: StopMode
    """``soft``: what waits never starts, what executes ends before its next step. ``hard``: everything fails now."""


class StoppedRunOut(BaseModel):
    run: Run
    changed: bool
    ended: int
    """Executions that ended because of it, at once."""
    asked: int
    """Executions that go on until they end before their next step."""
    message: str
    """What came of it; also when nothing was changed, since it had ended."""


class StoppedExecutionOut(BaseModel):
    execution: Execution
    changed: bool
    message: str


class BaselineDifferencesOut(BaseModel):
    """In what a baseline differs from another one. ``items`` are one slice, as of any list."""

    before: Baseline
    after: Baseline
    numbers: dict[ChangeKind, int]
    """Of all differences; without kinds that do not occur."""
    kept: int
    """Pictures that are the same in both."""
    items: list[ItemChange]
    next_cursor: str | None

    @classmethod
    def of(cls, found: BaselineDifferences) -> "BaselineDifferencesOut":
        return cls(
            before=found.before,
            after=found.after,
            numbers=dict(found.numbers),
            kept=found.kept,
            items=found.changes.items,
            next_cursor=found.changes.next_cursor,
        )


class ExecutionDetailOut(BaseModel):
    execution: Execution
    configuration: ConfigurationSnapshot
    """What it used, frozen when its run was created."""
    attempts: list[Attempt]
    screenshots: list[Screenshot]
    artifacts: list[Artifact]


def _partial_schema(draft: type[BaseModel]) -> dict[str, Any]:
    """A draft's schema with every field optional: what PATCH takes. The merged whole is validated by the service."""
    schema = draft.model_json_schema(ref_template="#/components/schemas/{model}")
    return {key: value for key, value in schema.items() if key not in ("required", "$defs", "title")}


ProjectChanges = Annotated[dict[str, Any], WithJsonSchema(_partial_schema(ProjectDraft))]
AuthProfileChanges = Annotated[dict[str, Any], WithJsonSchema(_partial_schema(AuthProfileDraft))]
PageChanges = Annotated[dict[str, Any], WithJsonSchema(_partial_schema(PageDraft))]
TaskChanges = Annotated[dict[str, Any], WithJsonSchema(_partial_schema(TaskDraft))]
BatchChanges = Annotated[dict[str, Any], WithJsonSchema(_partial_schema(BatchDraft))]
ScheduleChanges = Annotated[dict[str, Any], WithJsonSchema(_partial_schema(ScheduleDraft))]
QuarantineChanges = Annotated[dict[str, Any], WithJsonSchema(_partial_schema(QuarantineDraft))]
WebhookChanges = Annotated[dict[str, Any], WithJsonSchema(_partial_schema(WebhookDraft))]
SettingsChanges = Annotated[dict[str, Any], WithJsonSchema(_partial_schema(Settings))]
