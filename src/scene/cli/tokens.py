"""``scene tokens``: what programs come in with."""

import json
import sys
from datetime import timedelta
from typing import Annotated, Literal

import typer
from pydantic import ValidationError

from scene.beside import keys_of
from scene.cli.operator import AsJson, DataDir, command, group, operator, say, show
from scene.domain.access import Token, TokenDraft
from scene.domain.model import utc_now
from scene.services.editing import invalid
from scene.settings import load_settings
from scene.store.walking import every

app = group("Tokens of programs. With the first one, everybody else must sign in too.")


@command(app, "create")
def create(
    name: Annotated[str, typer.Argument(help="By which the audit log and the list of runs say who it was.")],
    scope: Annotated[
        Literal["read", "write"], typer.Option(help="read looks at everything; write also runs and changes.")
    ] = "read",
    days: Annotated[
        int | None, typer.Option(min=1, max=3_660, help="How long it is good; by default without end.")
    ] = None,
    user: Annotated[
        str | None, typer.Option(help="Whose it is: it may do no more than this person, and ends with him.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Make a token, and print its secret: this once, to standard output."""
    try:
        ends_at = utc_now() + timedelta(days=days) if days else None
        draft = TokenDraft.model_validate({"name": name, "scope": scope, "expires_at": ends_at})
    except ValidationError as error:
        raise invalid(error) from None
    with keys_of(load_settings(data_dir=data_dir)) as keys:
        token = keys.tokens.create(draft, keys.users.named(user) if user else None, operator())
    sys.stdout.write(f"{token.secret}\n")


@command(app, "list")
def list_(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List the tokens of everybody, without their secrets."""
    with keys_of(load_settings(data_dir=data_dir)) as keys:
        tokens = list(every(keys.tokens.newest))
    if as_json:
        sys.stdout.write(json.dumps([token.model_dump(mode="json") for token in tokens], indent=2) + "\n")
        return
    show(["name", "scope", "whose", "last used (UTC)", "state"], [_row(token) for token in tokens])


@command(app, "revoke")
def revoke(
    name: Annotated[str, typer.Argument(help="Name of the token.")],
    data_dir: DataDir = None,
) -> None:
    """Revoke a token: programs that use it are refused from then on."""
    with keys_of(load_settings(data_dir=data_dir)) as keys:
        token = keys.tokens.revoke(keys.tokens.named(name).id, None, operator())
    say(f"The token {token.name} was revoked.")


def _row(token: Token) -> list[str]:
    if token.revoked_at is not None:
        state = "revoked"
    elif token.expires_at is None:
        state = "good"
    else:
        state = f"{'expired' if token.expires_at <= utc_now() else 'good until'} {token.expires_at:%Y-%m-%d}"
    used = token.last_used_at.strftime("%Y-%m-%d %H:%M") if token.last_used_at else "never"
    return [token.name, token.scope, token.user_name or "", used, state]
