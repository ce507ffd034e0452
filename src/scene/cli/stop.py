"""``scene stop``: stop a run or an execution on a server."""

import json
import sys
from typing import Annotated

import typer

from scene.client import SceneClient
from scene.domain.stopping import StopMode
from scene.settings import load_client_settings


def stop(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Of a run, or of an execution with --execution.")],
    hard: Annotated[
        bool, typer.Option("--hard", help="At once: everything fails now. Otherwise what executes ends by itself.")
    ] = False,
    execution: Annotated[bool, typer.Option("--execution", help="Stop one execution, and not a run.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what the server answers.")] = False,
    server: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of Scene, instead of SCENE_SERVER_URL.")
    ] = None,
) -> None:
    """Stop a run on a server: softly, or at once.

    Stopping what has ended changes nothing, and says so.
    """
    mode = StopMode.HARD if hard else StopMode.SOFT
    settings = load_client_settings(server_url=server)
    with SceneClient(settings.server_url, token=settings.token) as client:
        verb = client.stop_execution if execution else client.stop_run
        stopped = verb(identifier, mode)
    told = json.dumps({"message": stopped.message, "changed": stopped.changed}) if as_json else stopped.message
    sys.stdout.write(told + "\n")
