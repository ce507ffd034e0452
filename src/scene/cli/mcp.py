"""``scene mcp``: Scene's tools for an agent, over standard input and output."""

from typing import Annotated

import typer

from scene.client import SceneClient
from scene.mcp.server import create_server
from scene.settings import load_client_settings


def mcp(
    server: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of Scene, instead of SCENE_SERVER_URL.")
    ] = None,
) -> None:
    """Give an agent Scene's tools, by the Model Context Protocol on standard input and output.

    List projects, batches and runs; start a run and wait for it; explain what changed. The agent may do what the
    token in SCENE_TOKEN may: give it one of its own, with the scope that it needs.
    """
    settings = load_client_settings(server_url=server)
    with SceneClient(settings.server_url, token=settings.token) as client:
        create_server(client).run("stdio")
