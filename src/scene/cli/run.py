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
    "task_ids": "--task",
    "base_url": "--base-url",
    "variables": "--variable",
    "rerun_of": "--rerun-of",
    "rerun": "--rerun",
    "line": "--line",
    "parent_line": "--parent-line",
    "jira_issue": "--jira-issue",
    "note": "--note",
    "labels": "--label",
    "priority": "--priority",
    "concurrency": "--concurrency",
    "timeout_seconds": "--timeout",
    "Idempotency-Key": "--idempotency-key",
}
"""Which option a field of the request comes from."""


def run(
    batch: Annotated[
        str | None,
        typer.Option(help="The batch: its id, or project-slug/batch-name.", show_default="that of --rerun-of"),
    ] = None,
    purpose: Annotated[
        Literal["baseline_recording", "comparison"] | None,
        typer.Option(help="Compare with a baseline, or record a new one.", show_default="comparison"),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="ID", help="Baseline to compare with.", show_default="the batch's policy")
    ] = None,
    from_reference: Annotated[
        bool, typer.Option("--from-reference", help="Record pages at their reference_url, where they have one.")
    ] = False,
    task: Annotated[
        list[str] | None,
        typer.Option(help="Only this task, by its id or name; repeatable.", show_default="all of the batch"),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Where the pages are, such as a preview deployment.", show_default="the project's"
        ),
    ] = None,
    variable: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Value of {{NAME}} in pages and tasks; repeatable.")
    ] = None,
    rerun_of: Annotated[
        str | None, typer.Option(metavar="ID", help="Carry out again what failed or changed in this run.")
    ] = None,
    rerun: Annotated[
        Literal["failed", "changed", "failed_and_changed"] | None,
        typer.Option(help="What of --rerun-of is carried out again.", show_default="failed"),
    ] = None,
    line: Annotated[str | None, typer.Option(help="Line of baselines, such as a branch.", show_default="main")] = None,
    parent_line: Annotated[
        str | None, typer.Option(help="Its newest baseline is taken while the line has none.")
    ] = None,
    jira_issue: Annotated[
        str | None, typer.Option(metavar="KEY", help="JIRA issue.", show_default="the batch's")
    ] = None,
    note: Annotated[str | None, typer.Option(help="Shown with the run.")] = None,
    label: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Such as commit, branch, build_url; repeatable.")
    ] = None,
    priority: Annotated[int | None, typer.Option(help="Higher runs first, from -100 to 100.", show_default="0")] = None,
    concurrency: Annotated[
        int | None, typer.Option(help="Executions at once, at most.", show_default="the settings'")
    ] = None,
    timeout: Annotated[
        int | None,
        typer.Option(min=1, metavar="SECONDS", help="End the run after this time.", show_default="the server's"),
    ] = None,
    idempotency_key: Annotated[
        str | None, typer.Option(metavar="KEY", help="The same command with the same key starts no second run.")
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
        "base_url": base_url,
        "variables": _pairs("--variable", variable),
        "rerun_of": rerun_of,
        "rerun": rerun,
        "line": line,
        "parent_line": parent_line,
        "jira_issue": jira_issue,
        "note": note,
        "labels": _pairs("--label", label),
        "priority": priority,
        "concurrency": concurrency,
        "timeout_seconds": timeout,
    }
    if idempotency_key is not None and not re.fullmatch("[!-~]{1,255}", idempotency_key):
        raise Invalid.field("--idempotency-key", "is 1 to 255 ASCII letters, digits and signs, without spaces.")
    given = {name: value for name, value in draft.items() if value is not None}
    with SceneClient(settings.server_url, token=settings.token) as client:
        started = _start(client, batch, task, given, idempotency_key)
        for warning in started.warnings:
            _say(f"Warning: {warning}")
        ended = _wait(client, started) if wait else None
        code = _code(ended, allow_new=allow_new) if ended else None
        _print(client, ended or started, code, as_json=as_json)
    raise typer.Exit(code or ExitCode.PASSED)


def _pairs(option: str, given: list[str] | None) -> dict[str, str] | None:
    """Of an option that is repeated; none when it was not given."""
    pairs = {}
    for each in given or []:
        key, equals, value = each.partition("=")
        if not equals or not key:
            raise Invalid.field(option, f"{each!r} is not like key=value.")
        pairs[key] = value
    return pairs or None


def _start(
    client: SceneClient, batch: str | None, tasks: list[str] | None, given: dict[str, Any], key: str | None
) -> StartedRun:
    """What the server says of a field is said of the option it comes from."""
    try:
        draft = _subject(client, batch, given.get("rerun_of")) | given
        if tasks:
            draft["task_ids"] = client.task_ids(draft["batch_id"], tasks)
        return client.start_run(draft, key)
    except Refusal as error:
        wrong = [f"{_option(field.field)}: {field.message}" for field in error.fields]
        raise SceneError("; ".join(wrong) or error.message) from None


def _subject(client: SceneClient, batch: str | None, rerun_of: str | None) -> dict[str, Any]:
    """Batch and purpose of the run, where nothing else is said."""
    if batch is not None:
        return {"batch_id": client.batch_id(batch), "purpose": "comparison"}
    if rerun_of is None:
        raise Invalid.field("--batch", "say which batch, or with --rerun-of which run is carried out again.")
    repeated = client.run(rerun_of)
    return {"batch_id": repeated.batch_id, "purpose": repeated.purpose}


def _option(field: str) -> str:
    """Of a field such as ``task_ids[1]`` or ``labels.commit``."""
    return _OPTIONS.get(re.split(r"[.\[]", field, maxsplit=1)[0], field)


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
