"""What Scene says of itself: health and version."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from pydantic import BaseModel

import scene
from scene.api.caller import CallerOrNobody
from scene.api.deps import ServicesDep
from scene.services.health import Health

router = APIRouter(tags=["meta"])


class Version(BaseModel):
    name: str
    version: str


class Outline(BaseModel):
    """What strangers are told of Scene's health."""

    ok: bool


@router.get(
    "/health",
    summary="Whether Scene and what it stands on answer; of what it stands on, for those signed in",
    responses={503: {"model": Health | Outline}},
)
def get_health(services: ServicesDep, caller: CallerOrNobody, response: Response) -> Health | Outline:
    health = services.health.examine()
    response.status_code = 200 if health.ok else 503
    return health if caller is not None else Outline(ok=health.ok)


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    response_class=Response,
    responses={200: {"content": {CONTENT_TYPE_PLAIN_0_0_4: {"schema": {"type": "string"}}}}},
)
def get_metrics(services: ServicesDep) -> Response:
    return Response(services.observing.metrics(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


@router.get("/version", summary="Which Scene this is")
def get_version() -> Version:
    return Version(name="scene", version=scene.__version__)
