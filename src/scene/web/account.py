"""One's own account: who I am, where I am signed in, my password and my tokens."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from scene.api.caller import CallerDep, PersonDep
from scene.api.deps import ActorDep, ServicesDep
from scene.domain.access import Caller, Scope, Session, Token, TokenDraft, User
from scene.domain.model import utc_now
from scene.errors import Conflict, FieldError, Invalid, Refused
from scene.services.editing import draft_of
from scene.store.values import SliceRequest
from scene.web.answers import saved
from scene.web.editing import FormView
from scene.web.forms import Form, FormDep
from scene.web.render import render, render_fragment

router = APIRouter(include_in_schema=False)

_PASSWORD: Final = "/account/password"  # noqa: S105 - an address
_TOKENS: Final = "/account/tokens"
_LIFETIMES: Final = [("30", "30 days"), ("90", "90 days"), ("365", "One year"), ("never", "No end")]
_TOKENS_SHOWN: Final = SliceRequest(limit=100)


@dataclass(frozen=True)
class TokenRow:
    token: Token
    state: str
    """``good``, ``revoked`` or ``expired``."""

    @classmethod
    def of(cls, token: Token, now: datetime) -> "TokenRow":
        if token.revoked_at is not None:
            return cls(token, "revoked")
        return cls(token, "expired" if token.expires_at is not None and token.expires_at <= now else "good")


@dataclass(frozen=True)
class AccountView:
    user: User
    caller: Caller
    sessions: list[Session]
    tokens: list[TokenRow]


@dataclass(frozen=True)
class ConfirmView:
    """Asks before something that cannot be undone."""

    title: str
    sentence: str
    action: str
    button: str


@router.get("/account")
def show_account(request: Request, services: ServicesDep, person: PersonDep, caller: CallerDep) -> Response:
    now = utc_now()
    view = AccountView(
        user=person,
        caller=caller,
        sessions=services.sessions.of(person),
        tokens=[TokenRow.of(token, now) for token in services.tokens.of(person, _TOKENS_SHOWN).items],
    )
    return render(request, "account", "account", view)


@router.get(f"{_PASSWORD}/edit")
def show_password(_: PersonDep) -> Response:
    return _password_form(Form())


@router.post(_PASSWORD)
def change_password(
    sent: FormDep, services: ServicesDep, person: PersonDep, caller: CallerDep, by: ActorDep
) -> Response:
    current, new = str(sent.get("current", "")), str(sent.get("password", ""))
    try:
        if new != str(sent.get("again", "")):
            raise Invalid.field("again", "is not the same")
        services.users.change_password(person, current, new, caller.session_id, by)
    except (Invalid, Conflict) as error:
        return _password_form(Form.again({}, error), 422)
    return saved("Your password was changed. Everywhere else you are signed out.")


@router.post("/account/sessions/{session_id}/end")
def end_session(session_id: str, services: ServicesDep, person: PersonDep, by: ActorDep) -> Response:
    services.sessions.end(person, session_id, by)
    return saved("The session was ended.")


@router.get(f"{_TOKENS}/new")
def show_new_token(person: PersonDep) -> Response:
    return _token_form(person, Form(values={"scope": "read", "lifetime": "90"}))


@router.post(_TOKENS)
def create_token(sent: FormDep, services: ServicesDep, person: PersonDep, by: ActorDep) -> Response:
    given = dict(sent)
    lifetime = str(sent.pop("lifetime", ""))
    try:
        draft = draft_of(TokenDraft, sent | {"expires_at": _ends_at(lifetime)})
        token = services.tokens.create(draft, person, by)
    except (Invalid, Conflict) as error:
        return _token_form(person, Form.again(given, error), 422)
    except Refused as error:
        return _token_form(person, Form(values=given, errors=(FieldError("scope", error.message),)), 422)
    headers = {"HX-Trigger": json.dumps({"scene:changed": True})}
    return render_fragment("account/_secret.html", token, headers=headers)


@router.get(f"{_TOKENS}/{{token_id}}/revoke")
def ask_to_revoke(token_id: str, services: ServicesDep, person: PersonDep) -> Response:
    token = services.tokens.get(token_id, _owner(person))
    sentence = f"Programs that use {token.name} are refused from then on."
    view = ConfirmView("Revoke token", sentence, f"{_TOKENS}/{token_id}/revoke", "Revoke")
    return render_fragment("forms/confirm.html", view)


@router.post(f"{_TOKENS}/{{token_id}}/revoke")
def revoke_token(token_id: str, services: ServicesDep, person: PersonDep, by: ActorDep) -> Response:
    token = services.tokens.revoke(token_id, _owner(person), by)
    return saved(f"The token {token.name} was revoked.")


def _owner(person: User) -> User | None:
    """Whose tokens a person may revoke; None for everybody's."""
    return None if person.role is Scope.ADMIN else person


def _ends_at(lifetime: str) -> datetime | None:
    """Raises Invalid."""
    if lifetime == "never":
        return None
    if lifetime not in dict(_LIFETIMES):
        raise Invalid.field("lifetime", "choose how long it is good")
    return utc_now() + timedelta(days=int(lifetime))


def _password_form(form: Form, status: int = 200) -> Response:
    return render_fragment("forms/password.html", FormView("Change password", _PASSWORD, form, None), status)


def _token_form(person: User, form: Form, status: int = 200) -> Response:
    scopes = [("read", "Read: look at everything"), ("write", "Write: start runs, change things, review")]
    allowed = scopes if person.role.covers(Scope.WRITE) else scopes[:1]
    choices: dict[str, Any] = {"scopes": allowed, "lifetimes": _LIFETIMES}
    return render_fragment("forms/token.html", FormView("New token", _TOKENS, form, choices), status)
