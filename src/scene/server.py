"""The web application: REST interface, web pages and built files in one, behind the guard."""

import ipaddress
import socket
from collections.abc import Callable

import uvicorn
from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

import scene
from scene.api import (
    artifacts,
    auth_profiles,
    baselines,
    batches,
    executions,
    meta,
    pages,
    problems,
    projects,
    runs,
    tasks,
)
from scene.api import settings as settings_record
from scene.api.guard import Guard
from scene.api.strict import only_known_parameters
from scene.bootstrap import Services
from scene.errors import SetupError
from scene.settings import ServerSettings
from scene.web import batches as web_batches
from scene.web import configuration as web_configuration
from scene.web import docs as web_docs
from scene.web import executions as web_executions
from scene.web import history as web_history
from scene.web import logs as web_logs
from scene.web import pages as web_pages
from scene.web import projects as web_projects
from scene.web import runs as web_runs
from scene.web import tasks as web_tasks
from scene.web.problems import problem_page
from scene.web.render import STATIC, asset

_DESCRIPTION = "Self-hosted visual regression testing: describe pages, record baselines, compare, review."
_PAGES = (
    web_projects,
    web_pages,
    web_tasks,
    web_batches,
    web_runs,
    web_executions,
    web_logs,
    web_history,
    web_configuration,
    web_docs,
)
_NOUNS = (projects, auth_profiles, pages, tasks, batches, runs, executions, baselines, artifacts, settings_record, meta)


class _BuiltFiles(StaticFiles):
    """Built files carry their content's hash in their names: a browser may keep them for good."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app(services: Services, settings: ServerSettings) -> FastAPI:
    """Raises SetupError when the front end is not built, or the address would be open to others."""
    asset("scene.js")
    require_loopback(settings.host)
    app = FastAPI(title="Scene", version=scene.__version__, description=_DESCRIPTION, docs_url=None, redoc_url=None)
    app.state.services = services
    for noun in _NOUNS:
        app.include_router(noun.router, dependencies=[Depends(only_known_parameters)])
    for page in _PAGES:
        app.include_router(page.router)
    app.mount("/static", _BuiltFiles(directory=STATIC), name="static")
    problems.install(app, for_people=problem_page)
    app.add_middleware(Guard, allowed_hosts=[*settings.allowed_hosts, settings.host])
    app.openapi = _openapi(app)  # type: ignore[method-assign]
    return app


def require_loopback(host: str) -> None:
    """Nothing is open by accident: without credentials configured only this machine is served."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise SetupError(
            f"SCENE_HOST: {host!r} would open Scene to other machines, and no credentials are configured. "
            "Use 127.0.0.1, and reach it from elsewhere through an SSH tunnel."
        )


def _openapi(app: FastAPI) -> Callable[[], dict[str, object]]:
    """The OpenAPI document, in which every error is a problem document."""

    def build() -> dict[str, object]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            problems.describe(document)
            app.openapi_schema = document
        return app.openapi_schema

    return build


def listen(settings: ServerSettings) -> socket.socket:
    """Bind the address of the settings. Raises SetupError when it is taken or open to others."""
    require_loopback(settings.host)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise SetupError(
            f"SCENE_PORT: {settings.host}:{settings.port} cannot be used ({error.strerror}). "
            "Choose another port, or 0 for any free one."
        ) from error
    return listener


def address(listener: socket.socket) -> str:
    """Where a bound listener is reached, without a slash at the end."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def web_server(app: FastAPI) -> uvicorn.Server:
    """Ready to ``run(sockets=[listener])``."""
    return uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=5)
    )
