"""People over REST, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field, SecretStr

from scene.api.caller import AdministratorDep
from scene.api.deps import ActorDep, ExpectedVersion, ServicesDep, SliceDep, tag
from scene.api.examples import UserBody
from scene.api.schemas import ListOf
from scene.domain.access import Scope, User
from scene.domain.model import Model
from scene.errors import Conflict

router = APIRouter(prefix="/api/users", tags=["access"])


class UserUpdate(Model):
    role: Scope | None = None
    enabled: bool | None = None
    password: Annotated[SecretStr | None, Field(description="Ends the sessions of the person.")] = None


@router.post("", status_code=201, summary="Add a person")
def create_user(
    draft: UserBody, services: ServicesDep, caller: AdministratorDep, by: ActorDep, response: Response
) -> User:
    if caller.means == "open":
        raise Conflict("Nobody needs to sign in here yet. Add the first person with `scene users add`.")
    password = draft.password.get_secret_value() if draft.password else None
    user = services.users.add(draft.person(), password, by)
    tag(response, user)
    return user


@router.get("", summary="People, newest first")
def list_users(services: ServicesDep, _: AdministratorDep, request: SliceDep) -> ListOf[User]:
    return ListOf.of(services.users.newest(request))


@router.get("/{user_id}", summary="One person")
def get_user(user_id: str, services: ServicesDep, _: AdministratorDep, response: Response) -> User:
    user = services.users.get(user_id)
    tag(response, user)
    return user


@router.patch("/{user_id}", summary="Change what a person may do, whether he may come in, or his password")
def update_user(
    user_id: str,
    changes: UserUpdate,
    services: ServicesDep,
    _: AdministratorDep,
    by: ActorDep,
    version: ExpectedVersion,
    response: Response,
) -> User:
    given = changes.model_dump(exclude_none=True, exclude={"password"})
    password = changes.password.get_secret_value() if changes.password else None
    user = services.users.update(user_id, given, version, by, password)
    tag(response, user)
    return user
