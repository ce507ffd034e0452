"""``scene users``: people who may come in."""

import json
import sys
from typing import Annotated

import typer

from scene.beside import keys_of
from scene.cli.operator import AsJson, DataDir, ask_password, command, group, operator, say, show
from scene.domain.access import Scope, UserDraft
from scene.services.editing import draft_of
from scene.settings import load_settings
from scene.store.values import SliceRequest
from scene.store.walking import every

app = group("People who may come in. With the first one, everybody else must sign in too.")

Name = Annotated[str, typer.Argument(help="What the person signs in with.")]


@command(app, "add")
def add(
    name: Name,
    role: Annotated[
        Scope | None, typer.Option(help="read, write or admin; by default write, and admin for the first person.")
    ] = None,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="The person comes in by OpenID Connect or a trusted proxy.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Add a person. The password is asked for, or read from the first line of standard input."""
    with keys_of(load_settings(data_dir=data_dir)) as keys:
        first = not keys.users.newest(SliceRequest(limit=1)).items
        draft = draft_of(UserDraft, {"name": name, "role": role or (Scope.ADMIN if first else Scope.WRITE)})
        user = keys.users.add(draft, None if no_password else ask_password(), operator())
    say(f"{user.name} may come in, with the role {user.role}.")
    if first:
        say("From now on everybody must sign in, and programs must show a token.")


@command(app, "list")
def list_(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List people."""
    with keys_of(load_settings(data_dir=data_dir)) as keys:
        users = list(every(keys.users.newest))
    if as_json:
        sys.stdout.write(json.dumps([user.model_dump(mode="json") for user in users], indent=2) + "\n")
        return
    rows = [
        [
            user.name,
            user.role,
            "yes" if user.enabled else "no",
            "password" if user.has_password else "",
            user.last_sign_in_at.strftime("%Y-%m-%d %H:%M") if user.last_sign_in_at else "never",
        ]
        for user in users
    ]
    show(["name", "role", "may come in", "by", "last sign-in (UTC)"], rows)


@command(app, "set")
def set_(
    name: Name,
    role: Annotated[Scope | None, typer.Option(help="read, write or admin.")] = None,
    enabled: Annotated[
        bool | None, typer.Option("--enable/--disable", help="Whether the person may come in.", show_default=False)
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Change what a person may do, or whether the person may come in."""
    changes = {key: value for key, value in (("role", role), ("enabled", enabled)) if value is not None}
    with keys_of(load_settings(data_dir=data_dir)) as keys:
        user = keys.users.update(keys.users.named(name).id, changes, None, operator())
    say(f"{user.name} {'may' if user.enabled else 'may not'} come in, with the role {user.role}.")


@command(app, "password")
def password(name: Name, data_dir: DataDir = None) -> None:
    """Give a person a new password, and end every session of that person."""
    with keys_of(load_settings(data_dir=data_dir)) as keys:
        user = keys.users.named(name)
        keys.users.update(user.id, {}, None, operator(), ask_password())
    say(f"{user.name} has a new password, and is signed out everywhere.")
