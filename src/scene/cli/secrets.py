"""``scene secrets``: encrypt what is stored under the newest key."""

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from scene.beside import secrets_of
from scene.cli.operator import operator
from scene.domain.exit_code import ExitCode
from scene.settings import load_settings


class Act(StrEnum):
    ROTATE = "rotate"


def secrets(
    act: Annotated[Act, typer.Argument(help="Encrypt everything anew under the first key.")],  # noqa: ARG001
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")] = False,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the embedded database and the key.", show_default=".scene")
    ] = None,
) -> None:
    """Encrypt auth profiles and the secrets of webhooks anew under the first key of SCENE_SECRET_KEY.

    Give every server the new key before the old one, separated by a comma, and start them anew; then
    rotate, and take the old key away. Exit code 3 when something needs a key that is not here.
    """
    with secrets_of(load_settings(data_dir=data_dir)) as service:
        report = service.rotate(operator())
    if as_json:
        sys.stdout.write(json.dumps(asdict(report)) + "\n")
    else:
        lines = [f"{report.rotated} secrets are encrypted under the key {report.key_id} now."]
        if report.changed:
            lines.append(f"{report.changed} were saved by somebody meanwhile; rotate again.")
        if report.unreadable:
            lines.append(f"{report.unreadable} need a key that is not here: they are as they were.")
        Console(soft_wrap=True).print(Text("\n".join(lines)))
    if report.changed or report.unreadable:
        raise typer.Exit(ExitCode.COULD_NOT_RUN)
