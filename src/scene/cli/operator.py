"""What the commands for operators share: they call services on the database itself, beside a server or without one."""

import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scene.cli.command import Command
from scene.domain.records import Actor
from scene.errors import Invalid

F = TypeVar("F", bound=Callable[..., Any])

DataDir = Annotated[Path | None, typer.Option(help="Folder of the embedded database.", show_default=".scene")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]


def group(help_text: str) -> typer.Typer:
    return typer.Typer(help=help_text, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def command(app: typer.Typer, name: str) -> Callable[[F], F]:
    return app.command(name, cls=Command)


def operator() -> Actor:
    """Who has access to the database needs no credentials; the audit log says whose account it was."""
    try:
        account = getpass.getuser()
    except (OSError, KeyError):
        account = "unknown"
    return Actor(type="system", id=f"{account} at the command line")


def ask_password() -> str:
    """From the terminal, unseen and twice; or the first line of standard input. Never an argument: others could see
    it, and shells remember."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise Invalid.field("password", "is not the same both times")
    return password


def say(sentence: str) -> None:
    Console(soft_wrap=True).print(Text(sentence))


def show(columns: list[str], rows: list[list[str]]) -> None:
    table = Table(pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
