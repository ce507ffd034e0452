"""The promise of a store for what a team describes: projects, pages, tasks and batches."""

from typing import Protocol

from scene.domain.catalog import Batch, BatchDraft, Page, PageDraft, Project, ProjectDraft, Task, TaskDraft
from scene.domain.records import Actor
from scene.store.values import Slice, SliceRequest


class Projects(Protocol):
    def create(self, draft: ProjectDraft, by: Actor) -> Project:
        """Raises AlreadyExists (slug)."""
        ...

    def get(self, project_id: str) -> Project:
        """Raises NotFound."""
        ...

    def newest(self, request: SliceRequest) -> Slice[Project]:
        """Newest first."""
        ...

    def replace(self, project_id: str, draft: ProjectDraft, expected_version: int | None, by: Actor) -> Project:
        """Raises NotFound, AlreadyExists, VersionConflict when expected_version is given and no longer true."""
        ...

    def delete(self, project_id: str, expected_version: int | None, by: Actor) -> None:
        """With its pages, tasks, batches, runs and baselines. Raises InUse while one of its runs is active."""
        ...


class Pages(Protocol):
    def create(self, project_id: str, draft: PageDraft, by: Actor) -> Page:
        """Raises NotFound (project), AlreadyExists (name), Invalid (``auth_profile_id`` not of this project)."""
        ...

    def get(self, page_id: str) -> Page: ...

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Page]: ...

    def replace(self, page_id: str, draft: PageDraft, expected_version: int | None, by: Actor) -> Page: ...

    def delete(self, page_id: str, expected_version: int | None, by: Actor) -> None:
        """Raises InUse, naming the tasks that use it. History keeps what it used."""
        ...


class Tasks(Protocol):
    def create(self, project_id: str, draft: TaskDraft, by: Actor) -> Task:
        """Raises NotFound (project), AlreadyExists (name), Invalid (page_id not of this project, ``browsers[i]`` not
        available)."""
        ...

    def get(self, task_id: str) -> Task: ...

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Task]: ...

    def replace(self, task_id: str, draft: TaskDraft, expected_version: int | None, by: Actor) -> Task: ...

    def delete(self, task_id: str, expected_version: int | None, by: Actor) -> None:
        """Takes it out of its batches too. Raises InUse while an active run executes it, or an auth profile signs in
        with it."""
        ...


class Batches(Protocol):
    def create(self, project_id: str, draft: BatchDraft, by: Actor) -> Batch:
        """Raises NotFound (project), AlreadyExists (name), Invalid when something is not of this project or batch:
        ``tasks[i].task_id``, ``baseline_policy.baseline_id``."""
        ...

    def get(self, batch_id: str) -> Batch: ...

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Batch]: ...

    def replace(self, batch_id: str, draft: BatchDraft, expected_version: int | None, by: Actor) -> Batch: ...

    def delete(self, batch_id: str, expected_version: int | None, by: Actor) -> None:
        """With its baselines and runs. Raises InUse while one of its runs is active."""
        ...

    def matrix(self, batch_id: str) -> tuple[Project, Batch, list[tuple[Task, Page]]]:
        """Everything a run of the batch is made of: its enabled tasks in order, each with its page."""
        ...
