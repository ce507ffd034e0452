"""What a form offers to choose from."""

from typing import Protocol, TypeVar

from scene.bootstrap import Services
from scene.store.values import MAX_SLICE, Slice, SliceRequest


class _Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)


class _Listed(Protocol[N]):
    def newest(self, project_id: str | None, request: SliceRequest, /) -> Slice[N]: ...


def all_of(services: Services, noun: _Listed[N], project_id: str) -> list[N]:
    """Everything of a project, by name. Raises NotFound when there is no such project."""
    services.projects.get(project_id)
    found: list[N] = []
    request = SliceRequest(limit=MAX_SLICE)
    while True:
        part = noun.newest(project_id, request)
        found += part.items
        if part.next_cursor is None:
            return sorted(found, key=lambda each: each.name.casefold())
        request = SliceRequest(limit=MAX_SLICE, cursor=part.next_cursor)
