"""``scene doctor``: what is here, what is missing and how to get it."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import scene
from scene.cli import machine
from scene.cli.machine import Check, State
from scene.domain.exit_code import ExitCode
from scene.errors import SetupError
from scene.settings import ServerSettings, load_settings

_LOOKS = {State.OK: "[green]ok[/]", State.MISSING: "[red]missing[/]", State.OPTIONAL: "[yellow]optional[/]"}
_CHECKS: tuple[Callable[[ServerSettings], list[Check]], ...] = (
    machine.python,
    machine.packages,
    machine.front_end,
    machine.comparison,
    machine.data_folder,
    machine.database,
    machine.secrets,
    machine.artifacts,
    machine.browsers,
    machine.sandbox,
    machine.ffmpeg,
    machine.docker,
)


def doctor(
    json_output: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")] = False,
) -> None:
    """Say what is installed, what is missing and how to get it.

    Exit code 0 when Scene can capture and compare here, 3 when something it needs is missing.
    """
    checks = examine()
    ready = all(check.state is not State.MISSING for check in checks)
    if json_output:
        document = {"version": scene.__version__, "ready": ready, "checks": [asdict(check) for check in checks]}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        _print(checks, ready)
    raise typer.Exit(0 if ready else ExitCode.COULD_NOT_RUN)


def examine() -> list[Check]:
    try:
        settings = load_settings()
    except SetupError as error:
        return [Check("settings", State.MISSING, error.message)]
    return [check for examination in _CHECKS for check in examination(settings)]


def _print(checks: list[Check], ready: bool) -> None:
    table = Table(title=f"Scene {scene.__version__}", title_justify="left", pad_edge=False)
    table.add_column("what", style="bold", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("detail", overflow="fold")
    for check in checks:
        table.add_row(check.name, _LOOKS[check.state], escape(check.detail))
    console = Console()
    console.print(table)
    console.print("Scene can run here." if ready else "Scene cannot run here yet: see what is missing.")
