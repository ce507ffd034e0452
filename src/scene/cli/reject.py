"""``scene reject``: reject what a run found."""

import typer

from scene.cli.deciding import Asked, decide, report
from scene.cli.options import with_options_of
from scene.client import SceneClient
from scene.settings import load_client_settings


@with_options_of(Asked)
def reject(asked: Asked) -> None:
    """Reject screenshots of a run on a server: those that nobody has decided on yet.

    What others decide meanwhile stays, and is said. Exit codes: 0 all of it is done; 1 nothing matched, or something
    was left alone; 3 could not run.
    """
    settings = load_client_settings(server_url=asked.server)
    with SceneClient(settings.server_url, token=settings.token) as client:
        found = decide(client, asked, "rejected")
    report(found, as_json=asked.as_json)
    raise typer.Exit(found.exit_code)
