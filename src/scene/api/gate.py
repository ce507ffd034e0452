"""Who is calling, asked before anything else is: an address that nobody thought of is closed.

Everything needs a caller, and everything that changes something one who may write; what does not is named here.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL, Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from scene.api.caller import current_caller
from scene.api.problems import problem_response
from scene.domain import access
from scene.domain.access import Caller
from scene.domain.records import Actor
from scene.errors import Refused, SceneError, StorageError, Unauthenticated
from scene.services.access import Access, Shown, is_within

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC: Final = frozenset({"/health", "/sign-in", "/sign-in/oidc", "/sign-in/oidc/callback"})
"""For everybody who reaches Scene. ``/health`` tells strangers no more than whether all is well."""
PUBLIC_BELOW: Final = "/static/"
OWN_ACCOUNT: Final = ("/sign-out", "/account", "/api/tokens")
"""What a person changes of his own, whatever he may otherwise."""


@dataclass(frozen=True)
class Entrance:
    """What the settings say of how callers are known."""

    https: bool = False
    """Whether people reach Scene by HTTPS alone."""
    proxy_user_header: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    provider: str | None = None
    """What the OpenID Connect provider is called on the sign-in page; None without one."""

    public_url: str | None = None
    """Where people reach Scene; None where the request's own address is as good."""

    def cookie_name(self, secure: bool) -> str:
        """With HTTPS a name that no other host of the domain can set."""
        return "__Host-scene_session" if secure else "scene_session"

    def is_secure(self, scheme: str) -> bool:
        return self.https or scheme == "https"


class Gate:
    """ASGI middleware; what passes carries the caller in its state."""

    def __init__(self, app: ASGIApp, access: Access, entrance: Entrance) -> None:
        self._app = app
        self._access = access
        self._entrance = entrance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path.startswith(PUBLIC_BELOW):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            caller = await run_in_threadpool(self._judge, connection, scope["method"], path)
        except SceneError as refusal:
            await _refusal(connection, scope["method"], refusal)(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        token = current_caller.set(caller)
        try:
            await self._app(scope, receive, send)
        finally:
            current_caller.reset(token)

    def _judge(self, connection: HTTPConnection, method: str, path: str) -> Caller | None:
        """Raises Unauthenticated, or Refused."""
        shown = self._shown(connection)
        public = path in PUBLIC
        try:
            caller = self._access.caller(shown)
        except SceneError:
            if public:
                return None
            raise
        if caller is None:
            if public:
                return None
            raise Unauthenticated("Sign in, or send a token as `Authorization: Bearer ...`.")
        if method in SAFE_METHODS or public:
            return caller
        self._check_origin(connection.headers, caller, {"method": method, "path": path[:500]})
        if not caller.scope.covers(access.Scope.WRITE) and not path.startswith(OWN_ACCOUNT):
            self._access.note_refusal(caller.actor, "access.refused", [], {"method": method, "path": path[:500]})
            raise Refused("You may look at everything here, and change nothing: that needs the scope `write`.")
        return caller

    def _check_origin(self, headers: Headers, caller: Caller, asked: dict[str, object]) -> None:
        """What a browser adds by itself proves nothing about who asked: it must say that our own page did. The guard
        has refused every other page; here what says nothing is refused too. Raises Refused."""
        ambient = caller.means in ("password", "oidc", "proxy")
        if ambient and "origin" not in headers and "sec-fetch-site" not in headers:
            self._access.note_refusal(caller.actor, "access.refused", [], asked | {"why": "no_origin"})
            raise Refused("Origin: a change in a session must say where it comes from; programs use a token.")

    def _shown(self, connection: HTTPConnection) -> Shown:
        headers = connection.headers
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        secure = self._entrance.is_secure(connection.url.scheme)
        return Shown(
            address=connection.client.host if connection.client else None,
            user_agent=headers.get("user-agent"),
            token=credentials.strip() if scheme.lower() == "bearer" else None,
            session=connection.cookies.get(self._entrance.cookie_name(secure)),
            proxy_user=self._proxy_user(connection),
        )

    def _proxy_user(self, connection: HTTPConnection) -> str | None:
        """Of a request that came straight from a trusted proxy; from anywhere else the header is just a header."""
        header = self._entrance.proxy_user_header
        if header is None or not is_within(connection.scope.get("peer"), self._entrance.trusted_proxies):
            return None
        values = connection.headers.getlist(header)
        return values[0].strip() or None if len(values) == 1 else None


class RememberPeer:
    """ASGI middleware, outermost: who the other end of the connection is, whatever forwarding headers say."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        scope["peer"] = client[0] if client else None
        await self._app(scope, receive, send)


def note_cross_site(access: Access, scope: Scope) -> None:
    """For the guard, which refuses before anybody asks who is calling. Says it in the audit log, where that can be."""
    client, agent = scope.get("client"), Headers(scope=scope).get("user-agent", "")
    actor = Actor(type="anonymous", id="unknown", address=client[0] if client else None, user_agent=agent[:500] or None)
    asked: dict[str, object] = {"method": scope["method"], "path": scope["path"][:500], "why": "cross_site"}
    with suppress(StorageError):
        access.note_refusal(actor, "access.refused", [], asked)


def _refusal(connection: HTTPConnection, method: str, error: SceneError) -> Response:
    """A page that a person opens leads to the sign-in; a program is told what is missing."""
    headers = {"Cache-Control": "no-store"}
    if not isinstance(error, Unauthenticated):
        return problem_response(error.http_status, error.code, error.message, headers=headers)
    asked = connection.headers
    if asked.get("hx-request") == "true":
        here = URL(asked.get("hx-current-url", "/"))
        headers["HX-Redirect"] = _sign_in(here.path, here.query)
    elif method in SAFE_METHODS and "text/html" in asked.get("accept", ""):
        return RedirectResponse(_sign_in(connection.url.path, connection.url.query), 303, headers)
    headers["WWW-Authenticate"] = 'Bearer realm="Scene"'
    return problem_response(error.http_status, error.code, error.message, headers=headers)


def _sign_in(path: str, query: str) -> str:
    """The sign-in, which leads back to where the person wanted to go."""
    wanted = f"{path}?{query}" if query else path
    return "/sign-in" if wanted in ("/", "") else f"/sign-in?next={quote(wanted, safe='')}"
