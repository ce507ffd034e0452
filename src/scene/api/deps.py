"""What endpoints ask for: the services, who is calling, which version and which slice is meant."""

import re
from typing import Annotated

from fastapi import Depends, Header, Query, Request, Response

from scene.api.caller import CallerDep
from scene.bootstrap import Services
from scene.domain.catalog import Stamped
from scene.domain.records import Actor
from scene.domain.runs import Id
from scene.domain.settings import SettingsRecord
from scene.errors import Invalid
from scene.store.values import SliceRequest


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _actor(caller: CallerDep) -> Actor:
    return caller.actor


def _expected_version(
    if_match: Annotated[str | None, Header(description="The ETag that was read.")] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = re.fullmatch(r'"(\d{1,9})"', if_match.strip())
    if not found:
        raise Invalid.field("If-Match", 'must be an ETag that Scene gave, such as "3"')
    return int(found[1])


def _slice_request(
    limit: Annotated[int, Query(ge=1, le=100, description="How many items at most.")] = 50,
    cursor: Annotated[str | None, Query(max_length=500, description="next_cursor of the slice before.")] = None,
) -> SliceRequest:
    return SliceRequest(limit=limit, cursor=cursor)


ServicesDep = Annotated[Services, Depends(services_of)]
ActorDep = Annotated[Actor, Depends(_actor)]
ExpectedVersion = Annotated[int | None, Depends(_expected_version)]
SliceDep = Annotated[SliceRequest, Depends(_slice_request)]
ProjectFilter = Annotated[Id | None, Query(alias="project", description="Only of this project.")]
BatchFilter = Annotated[Id | None, Query(alias="batch", description="Only of this batch.")]


def tag(response: Response, entity: Stamped | SettingsRecord) -> None:
    """Tell the entity's version, for If-Match."""
    response.headers["ETag"] = f'"{entity.version}"'
