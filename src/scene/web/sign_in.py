"""The way in with a password, and the way out."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from scene.api.caller import CallerDep, CallerOrNobody
from scene.api.deps import ServicesDep
from scene.api.gate import Entrance
from scene.errors import Invalid, SceneError, TooManyTries, Unauthenticated
from scene.services.sessions import Opened
from scene.web.render import render_page

router = APIRouter(include_in_schema=False)

_LONGEST: Final = 2_000
Next = Annotated[str, Query(alias="next", max_length=_LONGEST)]


@dataclass(frozen=True)
class SignInView:
    next: str
    name: str = ""
    problem: str = ""
    provider: str | None = None
    """What the OpenID Connect provider is called; None without one."""


@router.get("/sign-in")
def show_sign_in(request: Request, caller: CallerOrNobody, wanted: Next = "/") -> Response:
    if caller is not None:
        return RedirectResponse(local_path(wanted), 303)
    return sign_in_page(SignInView(local_path(wanted), provider=request.app.state.entrance.provider))


@router.post("/sign-in")
def sign_in(
    request: Request,
    services: ServicesDep,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    wanted: Annotated[str, Form(alias="next", max_length=_LONGEST)] = "/",
) -> Response:
    address = request.client.host if request.client else None

    def again(error: SceneError) -> Response:
        view = SignInView(local_path(wanted), name[:100], error.message, request.app.state.entrance.provider)
        return sign_in_page(view, error)

    if max(len(name), len(password)) > _LONGEST:
        return again(Invalid("The name or the password is too long."))
    try:
        opened = services.sessions.sign_in(name, password, address, request.headers.get("user-agent"))
    except (Unauthenticated, TooManyTries) as error:
        return again(error)
    return with_session(request, RedirectResponse(local_path(wanted), 303), opened)


@router.post("/sign-out")
def sign_out(request: Request, services: ServicesDep, caller: CallerDep) -> Response:
    if caller.user is not None and caller.session_id is not None:
        services.sessions.sign_out(caller.user, caller.session_id, caller.actor)
    entrance, secure = _entrance(request)
    answer = RedirectResponse("/sign-in", 303, {"Clear-Site-Data": '"cache"'} if secure else None)
    answer.delete_cookie(entrance.cookie_name(secure), path="/", secure=secure, httponly=True, samesite="lax")
    return answer


def with_session(request: Request, answer: Response, opened: Opened) -> Response:
    """Lax, not strict: who follows a link to a run from a mail or an issue is signed in."""
    entrance, secure = _entrance(request)
    answer.set_cookie(
        entrance.cookie_name(secure),
        opened.secret,
        expires=opened.session.expires_at,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def local_path(wanted: str) -> str:
    """Where to go after signing in: a path of our own, whatever an address says."""
    return wanted if re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", wanted) and not wanted.startswith("/sign-in") else "/"


def _entrance(request: Request) -> tuple[Entrance, bool]:
    entrance: Entrance = request.app.state.entrance
    return entrance, entrance.is_secure(request.url.scheme)


def sign_in_page(view: SignInView, error: SceneError | None = None) -> Response:
    page = render_page("sign_in/page.html", view, error.http_status if error else 200)
    if isinstance(error, TooManyTries):
        page.headers["Retry-After"] = str(round(error.wait_seconds))
    return page
