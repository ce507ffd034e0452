"""Describe what is to be tested: projects, pages, tasks and batches.

The four nouns are edited in the same way. What makes them different (what a task may refer to, what keeps a page from
being deleted) is decided by the store in the transaction of the change.
"""

from collections.abc import Mapping
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from scene.domain.catalog import (
    Batch,
    BatchDraft,
    Page,
    PageDraft,
    Project,
    ProjectDraft,
    Stamped,
    Task,
    TaskDraft,
)
from scene.domain.records import Actor
from scene.services.editing import merge
from scene.store.base import Store
from scene.store.values import Slice, SliceRequest

E = TypeVar("E", bound=Stamped)
D = TypeVar("D", bound=BaseModel)
E_co = TypeVar("E_co", bound=Stamped, covariant=True)
D_contra = TypeVar("D_contra", bound=BaseModel, contravariant=True)


class _Editable(Protocol[E_co, D_contra]):
    """What the stores of the four nouns have in common."""

    def get(self, entity_id: str, /) -> E_co: ...
    def replace(self, entity_id: str, draft: D_contra, expected_version: int | None, by: Actor, /) -> E_co: ...
    def delete(self, entity_id: str, expected_version: int | None, by: Actor, /) -> None: ...


class _Noun(Generic[E, D]):
    def __init__(self, store: _Editable[E, D], draft_type: type[D]) -> None:
        self._editable = store
        self._draft_type = draft_type

    def get(self, entity_id: str) -> E:
        return self._editable.get(entity_id)

    def update(self, entity_id: str, changes: Mapping[str, object], expected_version: int | None, by: Actor) -> E:
        """Replace some fields. Raises Invalid, and VersionConflict when somebody else saved first."""
        current = self._editable.get(entity_id)
        draft = merge(self._draft_type, current, changes)
        return self._editable.replace(entity_id, draft, expected_version or current.version, by)

    def delete(self, entity_id: str, expected_version: int | None, by: Actor) -> None:
        self._editable.delete(entity_id, expected_version, by)


class Projects(_Noun[Project, ProjectDraft]):
    def __init__(self, store: Store) -> None:
        super().__init__(store.projects, ProjectDraft)
        self._projects = store.projects

    def create(self, draft: ProjectDraft, by: Actor) -> Project:
        return self._projects.create(draft, by)

    def newest(self, request: SliceRequest) -> Slice[Project]:
        return self._projects.newest(request)


class Pages(_Noun[Page, PageDraft]):
    def __init__(self, store: Store) -> None:
        super().__init__(store.pages, PageDraft)
        self._pages = store.pages

    def create(self, project_id: str, draft: PageDraft, by: Actor) -> Page:
        return self._pages.create(project_id, draft, by)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Page]:
        return self._pages.newest(project_id, request)


class Tasks(_Noun[Task, TaskDraft]):
    def __init__(self, store: Store) -> None:
        super().__init__(store.tasks, TaskDraft)
        self._tasks = store.tasks

    def create(self, project_id: str, draft: TaskDraft, by: Actor) -> Task:
        return self._tasks.create(project_id, draft, by)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Task]:
        return self._tasks.newest(project_id, request)


class Batches(_Noun[Batch, BatchDraft]):
    def __init__(self, store: Store) -> None:
        super().__init__(store.batches, BatchDraft)
        self._batches = store.batches

    def create(self, project_id: str, draft: BatchDraft, by: Actor) -> Batch:
        return self._batches.create(project_id, draft, by)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Batch]:
        return self._batches.newest(project_id, request)
