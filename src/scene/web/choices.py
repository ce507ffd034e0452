"""What a form offers to choose from."""

from typing import Protocol, TypeVar

from scene.bootstrap import Services
from scene.store.values import Slice, SliceRequest
from scene.store.walking import every


class _Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)


class _Listed(Protocol[N]):
    def newest(self, project_id: str | None, request: SliceRequest, /) -> Slice[N]: ...


def all_of(services: Services, noun: _Listed[N], project_id: str) -> list[N]:
    """Everything of a project, by name. Raises NotFound when there is no such project."""
    services.projects.get(project_id)
    found = every(lambda request: noun.newest(project_id, request))
    return sorted(found, key=lambda each: each.name.casefold())
