"""``scene retention``: what a project's retention would let go on a server, and let it go."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.text import Text

from scene.cli.run_report import printable
from scene.client import SceneClient
from scene.client.answers import RetentionPlan
from scene.domain.amounts import count
from scene.errors import Invalid
from scene.settings import load_client_settings


def retention(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Its slug.")],
    runs: Annotated[int | None, typer.Option(min=1, help="The newest runs of each batch.")] = None,
    baselines: Annotated[int | None, typer.Option(min=1, help="The newest baselines of each line.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Nothing older than this.")] = None,
    max_mb: Annotated[int | None, typer.Option(min=1, help="Megabytes of the project.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Let go what exceeds the project's own limits, now.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")] = False,
    server: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of Scene, instead of SCENE_SERVER_URL.")
    ] = None,
) -> None:
    """Say which runs and baselines of a project exceed its retention, or the limits that are given; or let them go.

    What something needs stays. Servers do the same from time to time.
    """
    limits = {"runs": runs, "baselines": baselines, "days": days, "max_mb": max_mb}
    given = {name: value for name, value in limits.items() if value is not None}
    if apply and given:
        raise Invalid.field("--apply", "lets go by the limits of the project: save them there first")
    settings = load_client_settings(server_url=server)
    with SceneClient(settings.server_url, token=settings.token) as client:
        project_id = client.project_id(project)
        done = client.apply_retention(project_id) if apply else client.retention(project_id, given)
    if as_json:
        sys.stdout.write(done.model_dump_json(indent=2) + "\n")
    elif isinstance(done, RetentionPlan):
        Console(soft_wrap=True).print(Text("\n".join(_sentences(done))))
    else:
        stayed = f" {done.stayed} are needed after all." if done.stayed else ""
        sys.stdout.write(f"{_both(done.runs, done.baselines)} were deleted.{stayed}\n")


def _sentences(plan: RetentionPlan) -> list[str]:
    told = [
        f"{each.noun} {each.id} of {each.batch_name} ({each.line}, {each.created_at}): {each.because}"
        for each in plan.going
    ]
    told += [f"{each.noun} {each.id} stays: {each.because}" for each in plan.kept]
    told.append(
        f"{_both(plan.runs, plan.baselines)} would go, with about {decimal(plan.size_going)} of {decimal(plan.size)}."
    )
    return [printable(line) for line in told]


def _both(runs: int, baselines: int) -> str:
    return f"{count(runs, 'run')} and {count(baselines, 'baseline')}"
