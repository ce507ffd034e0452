"""How HTTP requests are answered: how long that took, and as part of the caller's trace."""

import time

from opentelemetry import propagate, trace
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scene.telemetry.metrics import REQUEST_SECONDS

_TRACER = trace.get_tracer("scene.http")


class Observed:
    """ASGI middleware, outermost. Routes are told by their pattern, so that no id becomes a label."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def send_and_look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = time.perf_counter()
        carried = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with _TRACER.start_as_current_span(
            scope["method"], propagate.extract(carried), kind=trace.SpanKind.SERVER
        ) as span:
            try:
                await self._app(scope, receive, send_and_look)
            finally:
                route = _route(scope)
                span.update_name(f"{scope['method']} {route}")
                span.set_attributes({"http.route": route, "http.response.status_code": status})
                REQUEST_SECONDS.labels(scope["method"], route, status).observe(time.perf_counter() - started)


def _route(scope: Scope) -> str:
    """The pattern that the path matched; files and what matched none go by one name each."""
    found = getattr(scope.get("route"), "path", None)
    if found is not None:
        return str(found)
    return "/static" if scope.get("root_path", "").endswith("/static") else "none"
