"""``scene approve``: approve what a run found, and make a baseline of it."""

from typing import Annotated

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
from scene.client import Refusal, SceneClient
from scene.domain.model import new_id
from scene.errors import Invalid
from scene.settings import load_client_settings

_CONFLICT = 409


def approve(
    run: RunArgument,
    only: Filters = None,
    comment: Comment = "",
    promote: Annotated[
        bool, typer.Option("--promote", help="Then make a new baseline of all that is approved in the run.")
    ] = False,
    line: Annotated[
        str | None, typer.Option(help="With --promote: the line that gets it.", show_default="the run's")
    ] = None,
    notes: Annotated[str, typer.Option(metavar="TEXT", help="With --promote: notes of the baseline.")] = "",
    drop_removed_tasks: Annotated[
        bool,
        typer.Option("--drop-removed-tasks", help="With --promote: without tasks that are not in the batch any more."),
    ] = False,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="With --promote: also replace what somebody else has replaced since."),
    ] = False,
    dry_run: DryRun = False,
    allow_superseded: AllowSuperseded = False,
    as_json: AsJson = False,
    server: Server = None,
) -> None:
    """Approve screenshots of a run on a server: those that nobody has decided on yet.

    What others decide meanwhile stays, and is said. Exit codes: 0 all of it is done; 1 nothing matched, something
    was left alone (decided on by somebody else, in quarantine, never stood still), or no baseline could be made;
    3 could not run.
    """
    draft = {"line": line, "notes": notes, "drop_removed_tasks": drop_removed_tasks, "overwrite": overwrite}
    given = {name: value for name, value in draft.items() if value}
    if given and not promote:
        raise Invalid.field(f"--{next(iter(given)).replace('_', '-')}", "is of a new baseline: say --promote too.")
    settings = load_client_settings(server_url=server)
    with SceneClient(settings.server_url, token=settings.token) as client:
        found = decide(client, run, "approved", only or [], comment, dry_run=dry_run, allow_superseded=allow_superseded)
        if promote and not dry_run and not (found.waiting and not found.chosen):
            try:
                found.baseline = client.promote(run, given | {"allow_superseded": allow_superseded}, new_id())
            except Refusal as error:
                if error.http_status != _CONFLICT:
                    raise
                found.problem = error.message
    report(found, as_json=as_json)
    raise typer.Exit(found.exit_code)
