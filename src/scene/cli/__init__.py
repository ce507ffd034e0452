"""The command ``scene``: thin commands over services, or over the API of a server."""

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from scene.cli.command import Command
from scene.cli.interrupt import INTERRUPTED
from scene.domain.exit_code import ExitCode
from scene.errors import SceneError

COMMANDS = (
    "serve",
    "run",
    "stop",
    "approve",
    "reject",
    "undo",
    "worker",
    "migrate",
    "browsers",
    "runner",
    "sweep",
    "retention",
    "demo",
    "compare",
    "doctor",
    "secrets",
    "mcp",
)
"""Each is the function of its name in the module of its name."""

GROUPS = ("baselines", "users", "tokens", "audit")
"""Each has several commands, in the ``app`` of the module of its name."""

_OWN_EXIT_CODES = ("compare",)


class _Commands(TyperGroup):
    """Imports a command when it is asked for: two pictures are compared without loading a web server."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - named by the base class
        return [*COMMANDS, *GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - named by the base class
        if cmd_name in GROUPS:
            group = get_command(import_module(f"scene.cli.{cmd_name}").app)
            group.name = cmd_name  # what the list of commands shows
            return group
        if cmd_name not in COMMANDS:
            return None
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        register = single.command(cmd_name, cls=None if cmd_name in _OWN_EXIT_CODES else Command)
        register(getattr(import_module(f"scene.cli.{cmd_name}"), cmd_name))
        return get_command(single)


app = typer.Typer(
    name="scene",
    cls=_Commands,
    help="Self-hosted visual regression testing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _scene() -> None:
    """Self-hosted visual regression testing."""


def main() -> None:
    """Run a command. What a person can mend is one sentence on stderr and exit code 3, never a stack trace."""
    try:
        app()
    except SceneError as error:
        print(f"scene: {error.message}", file=sys.stderr)  # noqa: T201 - this is the command's own stderr
        sys.exit(ExitCode.COULD_NOT_RUN)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
