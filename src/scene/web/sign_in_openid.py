"""The way in by an OpenID Connect provider: to it, and back."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from scene.api.deps import ServicesDep
from scene.api.gate import Entrance
from scene.bootstrap import Services
from scene.errors import NotFound, ProviderFailed, Refused, SceneError, TooManyTries, Unauthenticated
from scene.services.openid import LIFETIME, OpenId
from scene.web.sign_in import Next, SignInView, local_path, sign_in_page, with_session

router = APIRouter(include_in_schema=False)

_CALLBACK: Final = "/sign-in/oidc/callback"
_SHOWN: Final = (Unauthenticated, Refused, TooManyTries, ProviderFailed)


@router.get("/sign-in/oidc")
def leave(request: Request, services: ServicesDep, wanted: Next = "/") -> Response:
    openid, entrance = _openid(services), _entrance(request)
    try:
        begun = openid.begin(f"{_here(request, entrance)}{_CALLBACK}", local_path(wanted))
    except ProviderFailed as error:
        return _failed(request, error, wanted)
    answer = RedirectResponse(begun.address, 303, {"Cache-Control": "no-store"})
    secure = entrance.is_secure(request.url.scheme)
    # Lax: the way back is a link from the provider's site.
    answer.set_cookie(
        _cookie(secure),
        begun.kept,
        max_age=int(LIFETIME.total_seconds()),
        path="/" if secure else "/sign-in/oidc",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get(_CALLBACK)
def come_back(request: Request, services: ServicesDep) -> Response:
    openid, secure = _openid(services), _entrance(request).is_secure(request.url.scheme)
    kept = request.cookies.get(_cookie(secure), "")
    address = request.client.host if request.client else None
    answer: Response
    try:
        back = openid.finish(kept, request.query_params, address, request.headers.get("user-agent"))
    except _SHOWN as error:
        answer = _failed(request, error, "/")
    else:
        answer = with_session(request, RedirectResponse(local_path(back.next), 303), back.opened)
    path = "/" if secure else "/sign-in/oidc"
    answer.delete_cookie(_cookie(secure), path=path, secure=secure, httponly=True, samesite="lax")
    return answer


def _openid(services: Services) -> OpenId:
    if services.openid is None:
        raise NotFound("Nobody signs in by OpenID Connect here: SCENE_OIDC_ISSUER names no provider.")
    return services.openid


def _entrance(request: Request) -> Entrance:
    entrance: Entrance = request.app.state.entrance
    return entrance


def _here(request: Request, entrance: Entrance) -> str:
    """Where the browser reaches Scene: the Host header is one that the guard allows."""
    return (entrance.public_url or str(request.base_url)).rstrip("/")


def _cookie(secure: bool) -> str:
    return "__Host-scene_oidc" if secure else "scene_oidc"


def _failed(request: Request, error: SceneError, wanted: str) -> Response:
    view = SignInView(local_path(wanted), problem=error.message, provider=_entrance(request).provider)
    return sign_in_page(view, error)
