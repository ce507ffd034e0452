"""Closed by default: what every request must satisfy before any endpoint sees it, and what every answer carries."""

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scene.api.problems import ForPeople, problem_response, wants_page

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_MAX_BODY_BYTES = 2_000_000
_UPLOADS = re.compile(r"/api/batches/[^/]+/baselines/import")
"""Take a zip, and bound it themselves: see uploads.py."""
ANSWER_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """ASGI middleware. Refuses unknown hosts (DNS rebinding), unsafe requests from other sites (CSRF), bodies that are
    not JSON where JSON is expected, and bodies that are too large. Programs that are no browser send neither Origin nor
    Sec-Fetch-Site, and pass."""

    def __init__(
        self,
        app: ASGIApp,
        allowed_hosts: Iterable[str],
        headers: Mapping[str, str] = ANSWER_HEADERS,
        note_cross_site: Callable[[Scope], None] | None = None,
        for_people: ForPeople | None = None,
    ) -> None:
        """headers: of every answer that does not set them itself. note_cross_site: told of what another site asked.
        for_people: makes a page of what a form was refused for."""
        self._app = app
        self._note_cross_site = note_cross_site
        self._headers = headers
        self._for_people = for_people
        self._allowed_hosts = frozenset(host.lower() for host in allowed_hosts if host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope["method"], scope["path"], Headers(scope=scope))
        if refusal is not None:
            status, code, detail = refusal
            if code == "cross_site" and self._note_cross_site is not None:
                await run_in_threadpool(self._note_cross_site, scope)
            await self._answer(Request(scope), status, code, detail)(scope, receive, send_with_headers)
            return
        receives = receive if _UPLOADS.fullmatch(scope["path"]) else _bounded(receive)
        await self._app(scope, receives, send_with_headers)

    def _answer(self, request: Request, status: int, code: str, detail: str) -> Response:
        if status == 413 and self._for_people is not None and wants_page(request):
            return self._for_people(request, status, detail)
        return problem_response(status, code, detail)

    def _refusal(self, method: str, path: str, headers: Headers) -> tuple[int, str, str] | None:
        """Status, code and sentence of the refusal; none for a request that may pass."""
        host = headers.get("host", "")
        if re.sub(r":\d+$", "", host).lower() not in self._allowed_hosts:
            return 421, "host_not_allowed", f"Host: {host!r} is not served here; SCENE_ALLOWED_HOSTS names the hosts."
        if method in _SAFE_METHODS:
            return None
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if (origin is not None and urlsplit(origin).netloc.lower() != host.lower()) or (
            site is not None and site not in ("same-origin", "none")
        ):
            return 403, "cross_site", "Origin: a request that changes something must come from Scene's own pages."
        return _refused_body(path, headers)


def _refused_body(path: str, headers: Headers) -> tuple[int, str, str] | None:
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    length = headers.get("content-length", "0")
    has_body = length != "0" or "transfer-encoding" in headers
    if _UPLOADS.fullmatch(path):
        if has_body and content_type != "application/zip":
            return 415, "unsupported_media_type", "Content-Type: send a zip as application/zip."
        return None
    if not length.isdigit() or int(length) > _MAX_BODY_BYTES:
        return 413, "too_large", f"Content-Length: a request body has at most {_MAX_BODY_BYTES:,} bytes."
    if path.startswith("/api/") and has_body and content_type != "application/json":
        return 415, "unsupported_media_type", "Content-Type: send the body as application/json."
    return None


def _bounded(receive: Receive) -> Receive:
    """Ends a body without a stated length once it grows too large: who reads it answers 413."""
    received = 0

    async def bounded_receive() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > _MAX_BODY_BYTES:
                raise HTTPException(413, f"body: a request body has at most {_MAX_BODY_BYTES:,} bytes.")
        return message

    return bounded_receive
