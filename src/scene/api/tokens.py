"""Tokens over REST, for people: a token makes no tokens."""

from fastapi import APIRouter

from scene.api.caller import PersonDep
from scene.api.deps import ActorDep, ServicesDep, SliceDep
from scene.api.examples import TokenBody
from scene.api.schemas import ListOf
from scene.domain.access import NewToken, Scope, Token

router = APIRouter(prefix="/api/tokens", tags=["access"])


@router.post("", status_code=201, summary="Make a token; its secret is told this once")
def create_token(draft: TokenBody, services: ServicesDep, person: PersonDep, by: ActorDep) -> NewToken:
    return services.tokens.create(draft, person, by)


@router.get("", summary="Your tokens, newest first; an administrator's list has everybody's")
def list_tokens(services: ServicesDep, person: PersonDep, request: SliceDep) -> ListOf[Token]:
    if person.role is Scope.ADMIN:
        return ListOf.of(services.tokens.newest(request))
    return ListOf.of(services.tokens.of(person, request))


@router.delete("/{token_id}", summary="Revoke a token; revoking again changes nothing")
def revoke_token(token_id: str, services: ServicesDep, person: PersonDep, by: ActorDep) -> Token:
    return services.tokens.revoke(token_id, None if person.role is Scope.ADMIN else person, by)
