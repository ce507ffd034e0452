"""Who sent the request that is being answered."""

from contextvars import ContextVar
from typing import Annotated

from fastapi import Depends, Request

from scene.domain.access import Caller, Scope, User
from scene.errors import Refused, Unauthenticated

current_caller: ContextVar[Caller | None] = ContextVar("current_caller", default=None)
"""For templates, which say on every page who is signed in; endpoints ask for it as a dependency."""


def caller_or_nobody(request: Request) -> Caller | None:
    """The gate has found out; None on the few public paths where nobody has said who is calling."""
    caller: Caller | None = request.scope.get("state", {}).get("caller")
    return caller


def the_caller(request: Request) -> Caller:
    """Raises Unauthenticated on a public path where nobody has said who is calling."""
    caller = caller_or_nobody(request)
    if caller is None:
        raise Unauthenticated("Sign in, or send a token.")
    return caller


def _administrator(request: Request, caller: Annotated[Caller, Depends(the_caller)]) -> Caller:
    if not caller.scope.covers(Scope.ADMIN):
        raise _refused(request, caller, "Only an administrator may do this.")
    return caller


def _auditor(request: Request, caller: Annotated[Caller, Depends(the_caller)]) -> Caller:
    if not caller.reads_audit_log:
        raise _refused(request, caller, "Only an administrator may read the audit log, or a token of one.")
    return caller


def _refused(request: Request, caller: Caller, why: str) -> Refused:
    """Noted in the audit log."""
    asked: dict[str, object] = {"method": request.method, "path": request.url.path[:500]}
    request.app.state.services.access.note_refusal(caller.actor, "access.refused", [], asked)
    return Refused(why)


def _person(caller: Annotated[Caller, Depends(the_caller)]) -> User:
    if caller.means == "open":
        raise Refused("Nobody needs to sign in here yet. Add the first person with `scene users add`.")
    if caller.user is None or caller.means == "token":
        raise Refused("Only a person who has signed in may do this, not a token.")
    return caller.user


CallerDep = Annotated[Caller, Depends(the_caller)]
CallerOrNobody = Annotated[Caller | None, Depends(caller_or_nobody)]
AdministratorDep = Annotated[Caller, Depends(_administrator)]
AuditorDep = Annotated[Caller, Depends(_auditor)]
PersonDep = Annotated[User, Depends(_person)]
"""A person in a browser: what concerns one's own account."""
