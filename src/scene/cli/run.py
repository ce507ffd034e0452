"""``scene run``: start a run on a server, and wait for its verdict."""

import json
import re
import sys
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text

from scene.cli.interrupt import INTERRUPTED, interruptible
from scene.cli.progress import progress_bars
from scene.cli.run_report import document, report
from scene.client import Refusal, SceneClient
from scene.client.answers import Run, StartedRun
from scene.client.following import follow
from scene.domain.exit_code import ExitCode, exit_code
from scene.errors import Invalid, SceneError
from scene.settings import load_client_settings

_OPTIONS = {
    "batch_id": "--batch",
    "purpose": "--purpose",
    "baseline_id": "--baseline",
    "from_reference": "--from-reference",
    "line": "--line",
    "jira_issue": "--jira-issue",
    "note": "--note",
    "labels": "--label",
    "timeout_seconds": "--timeout",
}
"""Which option a field of the request comes from."""


def run(
    batch: Annotated[str, typer.Option(help="The batch: its id, or project-slug/batch-name.")],
    purpose: Annotated[
        Literal["baseline_recording", "comparison"], typer.Option(help="Compare with a baseline, or record a new one.")
    ] = "comparison",
    baseline: Annotated[
        str | None, typer.Option(metavar="ID", help="Baseline to compare with.", show_default="the batch's policy")
    ] = None,
    from_reference: Annotated[
        bool, typer.Option("--from-reference", help="Record pages at their reference_url, where they have one.")
    ] = False,
    line: Annotated[str | None, typer.Option(help="Line of baselines, such as a branch.", show_default="main")] = None,
    jira_issue: Annotated[
        str | None, typer.Option(metavar="KEY", help="JIRA issue.", show_default="the batch's")
    ] = None,
    note: Annotated[str | None, typer.Option(help="Shown with the run.")] = None,
    label: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Such as commit, branch, build_url; repeatable.")
    ] = None,
    timeout: Annotated[
        int | None,
        typer.Option(min=1, metavar="SECONDS", help="End the run after this time.", show_default="the server's"),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the end; the exit code is then the verdict.")] = False,
    allow_new: Annotated[
        bool, typer.Option("--allow-new", help="Pictures without a baseline are no reason for exit code 1.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")] = False,
    server: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of Scene, instead of SCENE_SERVER_URL.")
    ] = None,
) -> None:
    """Start a run of a batch on a server.

    Exit codes with --wait: 0 passed; 1 something changed or has no baseline; 2 an execution failed, or the run was
    ended early; 3 could not run.
    """
    settings = load_client_settings(server_url=server)
    draft = {
        "purpose": purpose,
        "baseline_id": baseline,
        "from_reference": from_reference or None,
        "line": line,
        "jira_issue": jira_issue,
        "note": note,
        "labels": _labels(label or []),
        "timeout_seconds": timeout,
    }
    with SceneClient(settings.server_url, token=settings.token) as client:
        started = _start(client, batch, draft)
        for warning in started.warnings:
            _say(f"Warning: {warning}")
        ended = _wait(client, started) if wait else None
        code = _code(ended, allow_new=allow_new) if ended else None
        _print(client, ended or started, code, as_json=as_json)
    raise typer.Exit(code or ExitCode.PASSED)


def _labels(given: list[str]) -> dict[str, str]:
    labels = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not equals or not key:
            raise Invalid.field("--label", f"{each!r} is not like key=value.")
        labels[key] = value
    return labels


def _start(client: SceneClient, batch: str, draft: dict[str, Any]) -> StartedRun:
    """What the server says of a field is said of the option it comes from."""
    given = {name: value for name, value in draft.items() if value is not None}
    try:
        return client.start_run({"batch_id": client.batch_id(batch), **given})
    except Refusal as error:
        wrong = [
            f"{_OPTIONS.get(field.field.partition('.')[0], field.field)}: {field.message}" for field in error.fields
        ]
        raise SceneError("; ".join(wrong) or error.message) from None


def _option(field: str) -> str:
    return _OPTIONS.get(re.split(r"\W", field, maxsplit=1)[0], field)


def _wait(client: SceneClient, run: Run) -> Run:
    url = client.address(run.url)
    try:
        with interruptible() as pause:
            _say(f"Run of {run.batch_name}: {url}")
            with progress_bars() as on_progress:
                return follow(client, run, lambda latest: on_progress(run.batch_name, latest), pause=pause)
    except KeyboardInterrupt:
        _say(f"The run goes on without you: {url}")
        raise typer.Exit(INTERRUPTED) from None


def _code(run: Run, *, allow_new: bool) -> ExitCode:
    return exit_code(run.purpose, run.status, run.summary.failed, run.verdict, allow_new=allow_new)


def _print(client: SceneClient, run: Run, code: ExitCode | None, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(document(client, run, code), indent=2) + "\n")
        sys.stdout.flush()
        return
    report(client, run, code)


def _say(sentence: str) -> None:
    Console(stderr=True, soft_wrap=True).print(Text(sentence))
