"""Who is calling, over REST."""

from fastapi import APIRouter
from pydantic import BaseModel

from scene.api.caller import CallerDep
from scene.domain.access import Scope

router = APIRouter(prefix="/api", tags=["access"])


class Me(BaseModel):
    type: str
    name: str
    scope: Scope
    means: str


@router.get("/me", summary="Who is calling, and what that person or program may do")
def get_me(caller: CallerDep) -> Me:
    return Me(type=caller.actor.type, name=caller.actor.id, scope=caller.scope, means=caller.means)
