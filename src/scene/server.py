"""The web application: REST interface, web pages and built files in one, behind the guard; beside it the traces."""

from collections.abc import Mapping
from functools import cache, partial

import uvicorn
from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

import scene
from scene.api import (
    artifacts,
    audit,
    auth_profiles,
    baselines,
    batches,
    executions,
    links,
    me,
    meta,
    pages,
    problems,
    projects,
    quarantines,
    retention,
    reviews,
    runs,
    schedules,
    tasks,
    tokens,
    users,
    webhooks,
    workers,
)
from scene.api import settings as settings_record
from scene.api.gate import Entrance, Gate, RememberPeer, note_cross_site
from scene.api.guard import Guard
from scene.api.strict import only_known_parameters
from scene.bootstrap import Services
from scene.listening import Listeners, require_loopback
from scene.patience import patient_protocol
from scene.settings import ServerSettings
from scene.telemetry.requests import Observed
from scene.web import account as web_account
from scene.web import action_editor as web_action_editor
from scene.web import audit as web_audit
from scene.web import baseline_making as web_baseline_making
from scene.web import baselines as web_baselines
from scene.web import batches as web_batches
from scene.web import configuration as web_configuration
from scene.web import dashboard as web_dashboard
from scene.web import docs as web_docs
from scene.web import executions as web_executions
from scene.web import history as web_history
from scene.web import importing as web_importing
from scene.web import launching as web_launching
from scene.web import logs as web_logs
from scene.web import pages as web_pages
from scene.web import projects as web_projects
from scene.web import quarantines as web_quarantines
from scene.web import rerunning as web_rerunning
from scene.web import retention as web_retention
from scene.web import reviews as web_reviews
from scene.web import run_deleting as web_run_deleting
from scene.web import runs as web_runs
from scene.web import schedules as web_schedules
from scene.web import sign_in as web_sign_in
from scene.web import sign_in_openid as web_sign_in_openid
from scene.web import stops as web_stops
from scene.web import task_matrix as web_task_matrix
from scene.web import tasks as web_tasks
from scene.web import traces as web_traces
from scene.web import users as web_users
from scene.web import viewer as web_viewer
from scene.web import viewer_policy as web_viewer_policy
from scene.web import webhooks as web_webhooks
from scene.web import workers as web_workers
from scene.web.problems import problem_page
from scene.web.render import STATIC, asset
from scene.web.trace_viewer import create_viewer
from scene.web.traces import NOT_SERVED, TraceViewer

_TITLE = "Scene"
_DESCRIPTION = "Self-hosted visual regression testing: describe pages, record baselines, compare, review."
_PAGES = (
    web_projects,
    web_pages,
    web_tasks,
    web_task_matrix,
    web_action_editor,
    web_batches,
    web_baselines,
    web_baseline_making,
    web_schedules,
    web_runs,
    web_rerunning,
    web_launching,
    web_run_deleting,
    web_viewer,
    web_reviews,
    web_quarantines,
    web_retention,
    web_importing,
    web_viewer_policy,
    web_dashboard,
    web_stops,
    web_executions,
    web_logs,
    web_history,
    web_traces,
    web_webhooks,
    web_workers,
    web_configuration,
    web_sign_in,
    web_sign_in_openid,
    web_account,
    web_users,
    web_audit,
    web_docs,
)
_NOUNS = (
    projects,
    auth_profiles,
    pages,
    tasks,
    batches,
    schedules,
    runs,
    executions,
    baselines,
    reviews,
    quarantines,
    retention,
    artifacts,
    webhooks,
    workers,
    audit,
    settings_record,
    me,
    tokens,
    users,
    meta,
)


class _BuiltFiles(StaticFiles):
    """Built files carry their content's hash in their names: a browser may keep them for good."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app(services: Services, settings: ServerSettings, viewer: TraceViewer = NOT_SERVED) -> FastAPI:
    """Raises SetupError when the front end is not built, or the address would be open to others."""
    asset("scene.js")
    if services.access.is_open():
        require_loopback(settings.host)
    app = FastAPI(title=_TITLE, version=scene.__version__, description=_DESCRIPTION, docs_url=None, redoc_url=None)
    app.state.services = services
    app.state.trace_viewer = viewer
    app.router.routes.extend(_routes())
    app.mount("/static", _BuiltFiles(directory=STATIC), name="static")
    problems.install(app, for_people=problem_page)
    entrance = Entrance(
        https=(settings.public_url or "").startswith("https:"),
        proxy_user_header=settings.proxy_user_header,
        trusted_proxies=tuple(settings.trusted_proxies),
        provider=settings.provider_name,
        public_url=settings.public_url,
    )
    app.state.entrance = entrance
    # What is added last comes first.
    app.add_middleware(Gate, access=services.access, entrance=entrance)
    app.add_middleware(
        Guard,
        allowed_hosts=[*settings.allowed_hosts, settings.host, settings.public_host],
        note_cross_site=partial(note_cross_site, services.access),
        for_people=problem_page,
    )
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)
    app.add_middleware(RememberPeer)
    app.add_middleware(Observed)
    app.openapi = _document  # type: ignore[method-assign]
    return app


@cache
def _routes() -> list[BaseRoute]:
    """The same for every application: FastAPI takes a second to analyse them, when they are first asked for."""
    everything = APIRouter()
    for noun in _NOUNS:
        everything.include_router(noun.router, dependencies=[Depends(only_known_parameters)])
    for page in _PAGES:
        everything.include_router(page.router)
    return everything.routes


@cache
def _document() -> dict[str, object]:
    """The OpenAPI document, in which every error is a problem document, and what is made leads to what it is for."""
    document = get_openapi(title=_TITLE, version=scene.__version__, description=_DESCRIPTION, routes=_routes())
    problems.describe(document)
    links.link(document)
    return document


def web_server(services: Services, settings: ServerSettings, listeners: Listeners) -> uvicorn.Server:
    """Both origins; ready to ``run(sockets=listeners.sockets)``. Raises SetupError as ``create_app``."""
    viewer = TraceViewer(settings.trace_url, listeners.trace_port)
    app: ASGIApp = create_app(services, settings, viewer)
    if listeners.trace_port is not None:
        app = ByPort(app, {listeners.trace_port: create_viewer(services, settings)})
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            http=patient_protocol(settings.request_head_seconds, settings.request_body_seconds),
            proxy_headers=False,  # create_app does, and remembers who the proxy is
            timeout_graceful_shutdown=5,
        )
    )


class ByPort:
    """ASGI: what arrives at a port of ``others`` is that application's, everything else the first one's.

    The port is that of the listener, which no header can change.
    """

    def __init__(self, app: ASGIApp, others: Mapping[int, ASGIApp]) -> None:
        self._app = app
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, port = scope.get("server") or ("", 0)
        await self._others.get(port, self._app)(scope, receive, send)
