"""From an execution's page to its trace in the viewer, which is an origin of its own."""

import ipaddress
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse

from scene.api.deps import ServicesDep
from scene.domain.pictures import ArtifactType
from scene.errors import Conflict, NotFound

router = APIRouter(include_in_schema=False)

_NEEDS: Final = "browsers allow the service worker that the trace viewer needs only over HTTPS or on localhost"


@dataclass(frozen=True)
class TraceViewer:
    """The second origin, as browsers see it."""

    url: str | None
    """As the settings say it; without it the host that the browser asked for counts."""
    port: int | None
    """None where the viewer is not served."""

    def origin(self, request: Request) -> str:
        """Without a slash at the end."""
        if self.url is not None:
            return self.url
        host = request.url.hostname or ""
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def obstacle(self, request: Request) -> str | None:
        """Why the browser that asks cannot use the viewer, as a clause; None when it can."""
        if self.port is None:
            return "this Scene serves no trace viewer: the Playwright package beside it lacks its files"
        if self.url is None and request.url.scheme == "https":
            return "Scene is behind HTTPS here, and SCENE_TRACE_URL does not say where its trace viewer is"
        origin = urlsplit(self.origin(request))
        if origin.scheme == "https" or _is_local(origin.hostname or ""):
            return None
        return f"{_NEEDS}: an operator can set SCENE_TRACE_URL"


NOT_SERVED: Final = TraceViewer(None, None)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _trace_viewer(request: Request) -> TraceViewer:
    viewer: TraceViewer = request.app.state.trace_viewer
    return viewer


TraceViewerDep = Annotated[TraceViewer, Depends(_trace_viewer)]


@router.get("/traces/{artifact_id}")
def open_trace(artifact_id: str, request: Request, services: ServicesDep, viewer: TraceViewerDep) -> RedirectResponse:
    artifact = services.history.artifact(artifact_id)
    if artifact.type is not ArtifactType.TRACE:
        raise NotFound.of("trace", artifact_id)
    if obstacle := viewer.obstacle(request):
        raise Conflict(f"The trace cannot be opened here: {obstacle}. Download it from {artifact.url} instead.")
    trace = f"/traces/{services.trace_links.to(artifact)}/{artifact.name}"
    address = f"{viewer.origin(request)}/viewer/?trace={quote(trace, safe='')}"
    return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
