"""The second origin: Playwright's trace viewer, and the traces that it is given links to. No cookies, no sign-in.

A trace holds what a captured page says, and the viewer shows it in frames: a page that outwits the viewer finds nothing
of Scene here, and the policy lets it ask nobody else.
"""

import base64
import hashlib
import re
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import FastAPI, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles

from scene.api import problems
from scene.api.downloads import disposition
from scene.api.guard import ANSWER_HEADERS, Guard
from scene.bootstrap import Services
from scene.domain.pictures import ArtifactType
from scene.errors import NotFound
from scene.settings import ServerSettings

_FOLDER: Final = "driver/package/lib/vite/traceViewer"
_LINK: Final = re.compile(r"/traces/([^/]+)/[^/]+")


def viewer_folder() -> Path | None:
    """The viewer's files in the installed Playwright, which is not imported; None where they are not there."""
    found = find_spec("playwright")
    places = found.submodule_search_locations if found else None
    folders = (Path(place, _FOLDER) for place in places or ())
    return next((folder for folder in folders if (folder / "index.html").is_file()), None)


class _ViewerFiles(StaticFiles):
    """Asked for anew each time: their names stay when Playwright's version changes."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response


def create_viewer(services: Services, settings: ServerSettings) -> FastAPI:
    """The application of the second origin. ``viewer_folder`` must have found one."""
    folder = viewer_folder()
    assert folder is not None
    index = folder / "index.html"
    app = FastAPI(title="Traces", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/viewer/")
    def viewer(trace: Annotated[str, Query(max_length=2_000)]) -> FileResponse:
        """Asked with an old link it says so; the viewer itself would only say that nothing could be loaded."""
        link = _LINK.fullmatch(trace)
        if link is None:
            raise NotFound.of("trace", trace)
        services.trace_links.artifact_id(link[1])
        return FileResponse(index, headers={"Cache-Control": "no-store"})

    @app.api_route("/traces/{link}/{name}", methods=["GET", "HEAD"])
    def trace(link: str, name: str) -> StreamingResponse:
        artifact = services.history.artifact(services.trace_links.artifact_id(link))
        if artifact.type is not ArtifactType.TRACE or name != artifact.name:
            raise NotFound.of("trace", name)
        headers = {
            "Content-Length": str(artifact.size),
            "Content-Disposition": disposition("attachment", artifact.name),
            "Cache-Control": "no-store",
        }
        return StreamingResponse(services.history.read(artifact), media_type="application/zip", headers=headers)

    app.mount("/viewer", _ViewerFiles(directory=folder), name="viewer")
    problems.install(app, for_people=_plain_page)
    hosts = [*settings.allowed_hosts, settings.host, urlsplit(settings.trace_url or "").hostname or ""]
    app.add_middleware(Guard, allowed_hosts=hosts, headers=ANSWER_HEADERS | _headers(index.read_text()))
    return app


def _headers(index: str) -> dict[str, str]:
    """The viewer may show what is in a trace, and ask nobody but its own origin."""
    inline = re.findall(r"<script>(.*?)</script>", index, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
            "img-src 'self' data: blob:; media-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; "
            "frame-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",  # a link to a trace is a secret
    }


def _plain_page(_: Request, status: int, detail: str) -> HTMLResponse:
    """Scene's own pages need files of Scene's own origin."""
    page = f'<!doctype html><html lang="en"><title>Trace</title><h1>No trace</h1><p>{escape(detail)}</p></html>'
    return HTMLResponse(page, status, headers={"Cache-Control": "no-store"})
