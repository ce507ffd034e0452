"""``scene undo``: take back what one ``scene approve`` or ``scene reject`` decided."""

import json
import sys
from typing import Annotated

import typer

from scene.cli.deciding import AsJson, RunArgument, Server
from scene.client import SceneClient
from scene.domain.amounts import count
from scene.settings import load_client_settings


def undo(
    run: RunArgument,
    group: Annotated[str, typer.Argument(metavar="GROUP", help="Of decisions that were made at once, as it was told.")],
    as_json: AsJson = False,
    server: Server = None,
) -> None:
    """Take back decisions that were made at once, as far as nobody has changed them since.

    A baseline that was made of them stays: baselines never change.
    """
    settings = load_client_settings(server_url=server)
    with SceneClient(settings.server_url, token=settings.token) as client:
        taken = client.take_back(run, group).screenshot_ids
    told = json.dumps({"run": run, "group": group, "screenshots": taken})
    sys.stdout.write((told if as_json else f"{count(len(taken), 'decision')} taken back.") + "\n")
