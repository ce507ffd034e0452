"""People and everybody's tokens, for administrators."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from scene.api.caller import AdministratorDep, PersonDep
from scene.api.deps import ActorDep, ServicesDep
from scene.domain.access import Scope, User, UserDraft
from scene.domain.model import utc_now
from scene.errors import Conflict, Invalid, VersionConflict
from scene.services.editing import both, draft_of
from scene.services.users import check_password
from scene.store.values import SliceRequest
from scene.web.account import TokenRow
from scene.web.answers import saved
from scene.web.editing import FormView
from scene.web.forms import Form, FormDep
from scene.web.render import render, render_fragment

router = APIRouter(include_in_schema=False)

_ROWS: Final = 50
ROLES: Final = [
    (Scope.READ, "Read: look at everything"),
    (Scope.WRITE, "Write: start runs, change things, review"),
    (Scope.ADMIN, "Administrator: also say who else may, and read the audit log"),
]


@dataclass(frozen=True)
class UsersView:
    open: bool
    """Whether nobody needs to sign in."""
    users: list[User]
    tokens: list[TokenRow]
    newest_url: str | None
    older_url: str | None
    own_url: str


@router.get("/users")
def show_users(
    request: Request, services: ServicesDep, caller: AdministratorDep, cursor: str | None = None
) -> Response:
    found = services.users.newest(SliceRequest(limit=_ROWS, cursor=cursor))
    now = utc_now()
    view = UsersView(
        open=caller.means == "open",
        users=found.items,
        tokens=[TokenRow.of(token, now) for token in services.tokens.newest(SliceRequest(limit=100)).items],
        newest_url="/users" if cursor else None,
        older_url=f"/users?cursor={found.next_cursor}" if found.next_cursor else None,
        own_url=f"/users?cursor={cursor}" if cursor else "/users",
    )
    return render(request, "users", "list", view)


@router.get("/users/new")
def show_new_user(_: AdministratorDep, __: PersonDep) -> Response:
    return _new(Form(values={"role": "write"}))


@router.post("/users")
def create_user(sent: FormDep, services: ServicesDep, _: AdministratorDep, __: PersonDep, by: ActorDep) -> Response:
    password = sent.pop("password", None)
    try:
        draft = both(
            lambda: draft_of(UserDraft, sent),
            lambda: check_password(password, str(sent.get("name", ""))) if password is not None else None,
        )[0]
        user = services.users.add(draft, password, by)
    except (Invalid, Conflict) as error:
        return _new(Form.again(sent, error), 422)
    return saved(f"{user.name} was added.")


@router.get("/users/{user_id}/edit")
def show_user(user_id: str, services: ServicesDep, _: AdministratorDep) -> Response:
    user = services.users.get(user_id)
    return _edit(user, Form(values=user.model_dump(mode="json")))


@router.post("/users/{user_id}")
def update_user(user_id: str, sent: FormDep, services: ServicesDep, _: AdministratorDep, by: ActorDep) -> Response:
    user = services.users.get(user_id)
    password = sent.pop("password", None)
    version = str(sent.pop("version", ""))
    given = dict(sent) | {"version": version}
    try:
        user = services.users.update(user_id, sent, int(version) if version.isdecimal() else None, by, password)
    except VersionConflict:
        return _edit(user, Form(values=given | {"version": user.version}, conflict=True), 422)
    except (Invalid, Conflict) as error:
        return _edit(user, Form.again(given | {"version": services.users.get(user_id).version}, error), 422)
    return saved(f"{user.name} was saved.")


def _new(form: Form, status: int = 200) -> Response:
    return render_fragment("forms/user.html", FormView("Add a person", "/users", form, ROLES), status)


def _edit(user: User, form: Form, status: int = 200) -> Response:
    view = FormView(f"Edit {user.name}", f"/users/{user.id}", form, ROLES)
    return render_fragment("forms/user.html", view, status)
