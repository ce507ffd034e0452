"""``scene reject``: reject what a run found."""

import typer

from scene.cli.deciding import (
    AllowSuperseded,
    AsJson,
    Comment,
    DryRun,
    Filters,
    RunArgument,
    Server,
    decide,
    report,
)
from scene.client import SceneClient
from scene.settings import load_client_settings


def reject(
    run: RunArgument,
    only: Filters = None,
    comment: Comment = "",
    dry_run: DryRun = False,
    allow_superseded: AllowSuperseded = False,
    as_json: AsJson = False,
    server: Server = None,
) -> None:
    """Reject screenshots of a run on a server: those that nobody has decided on yet.

    What others decide meanwhile stays, and is said. Exit codes: 0 all of it is done; 1 nothing matched, or something
    was left alone; 3 could not run.
    """
    settings = load_client_settings(server_url=server)
    with SceneClient(settings.server_url, token=settings.token) as client:
        found = decide(client, run, "rejected", only or [], comment, dry_run=dry_run, allow_superseded=allow_superseded)
    report(found, as_json=as_json)
    raise typer.Exit(found.exit_code)
