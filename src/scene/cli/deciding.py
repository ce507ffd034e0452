"""What ``scene approve`` and ``scene reject`` have in common: which screenshots, and what came of it."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scene.cli.run_report import printable
from scene.client import SceneClient
from scene.client.answers import Baseline, Execution, Reviewed, RunScreenshot
from scene.domain.amounts import count
from scene.domain.reviews import TO_REVIEW
from scene.errors import Invalid

NOT_ALL = 1
"""The exit code when nothing matched, or some of what matched was left alone."""
_WIDTH = 200

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="Id of the run.")]
Filters = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        metavar="KEY=VALUE",
        help="Only these: verdict, task, page, browser, viewport, target, change (a change_fingerprint), execution or "
        "screenshot. Repeatable: one of the values of each key has to be met.",
        show_default="all that nobody has decided on",
    ),
]
Comment = Annotated[str, typer.Option(metavar="TEXT", help="Kept with each decision.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="List what would be decided on, and decide nothing.")]
AllowSuperseded = Annotated[
    bool, typer.Option("--allow-superseded", help="Although a newer run of the same batch, line and labels is there.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]
Server = Annotated[str | None, typer.Option(metavar="URL", help="Address of Scene, instead of SCENE_SERVER_URL.")]


@dataclass(frozen=True)
class Shot:
    """A screenshot that waits for a decision, and where it is from."""

    shot: RunScreenshot
    execution: Execution

    @property
    def document(self) -> dict[str, Any]:
        execution, shot = self.execution, self.shot
        return {
            "id": shot.id,
            "execution": execution.id,
            "task": execution.task_name,
            "page": execution.page_name,
            "browser": execution.browser,
            "viewport": execution.viewport.key,
            "target": shot.target,
            "verdict": shot.verdict,
            "change": shot.change_fingerprint,
            "sentence": shot.sentence,
        }


_VALUES: dict[str, Callable[[Shot], set[str | None]]] = {
    "verdict": lambda each: {each.shot.verdict},
    "task": lambda each: {each.execution.task_id, each.execution.task_name},
    "page": lambda each: {each.execution.page_name},
    "browser": lambda each: {each.execution.browser},
    "viewport": lambda each: {each.execution.viewport.key, each.execution.viewport.name},
    "target": lambda each: {each.shot.target},
    "change": lambda each: {each.shot.change_fingerprint},
    "execution": lambda each: {each.execution.id},
    "screenshot": lambda each: {each.shot.id},
}
"""What a filter's value is compared with."""


def read_filters(given: Sequence[str]) -> dict[str, set[str]]:
    """Raises Invalid for a key that there is not, and for a verdict that nobody decides on."""
    filters: dict[str, set[str]] = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not equals or key not in _VALUES or not value:
            raise Invalid.field("--filter", f"{each!r} is not KEY=VALUE with one of the keys {', '.join(_VALUES)}.")
        if key == "verdict" and value not in TO_REVIEW:
            raise Invalid.field("--filter", f"nobody decides on {value!r}; there are {', '.join(TO_REVIEW)}.")
        filters.setdefault(key, set()).add(value)
    return filters


@dataclass
class Decided:
    """What came of the command."""

    run_id: str
    decision: str
    dry_run: bool
    waiting: int
    """Screenshots of the run that nobody had decided on."""
    chosen: list[Shot]
    left_alone: list[tuple[Shot, str]]
    """Each with why."""
    group_id: str | None = None
    baseline: Baseline | None = None
    problem: str = ""
    """Why there is no baseline."""

    @property
    def exit_code(self) -> int:
        nothing = not self.chosen and self.waiting > 0
        return NOT_ALL if nothing or self.left_alone or self.problem else 0

    @property
    def document(self) -> dict[str, Any]:
        return {
            "run": self.run_id,
            "decision": self.decision,
            "dry_run": self.dry_run,
            "group": self.group_id,
            "screenshots": [each.document for each in self.chosen],
            "left_alone": [each.document | {"because": why} for each, why in self.left_alone],
            "baseline": self.baseline.model_dump(mode="json") if self.baseline else None,
            "problem": self.problem,
            "exit_code": self.exit_code,
        }


def decide(
    client: SceneClient,
    run_id: str,
    decision: str,
    filters: Sequence[str],
    comment: str,
    *,
    dry_run: bool,
    allow_superseded: bool,
) -> Decided:
    """On what the filters leave of what nobody has decided on. Raises Invalid, and what the server refuses."""
    wanted = read_filters(filters)
    executions = {execution.id: execution for execution in client.executions(run_id)}
    order = {execution_id: position for position, execution_id in enumerate(executions)}
    waiting = [Shot(shot, executions[shot.execution_id]) for shot in client.to_decide(run_id)]
    # Newest first; the targets of an execution have ids in their order.
    waiting.sort(key=lambda each: (order[each.execution.id], each.shot.id))
    matching = [each for each in waiting if all(_VALUES[key](each) & values for key, values in wanted.items())]
    left_alone = [(each, why) for each in matching if (why := _obstacle(each.shot, decision))]
    aside = {each.shot.id for each, _ in left_alone}
    chosen = [each for each in matching if each.shot.id not in aside]
    found = Decided(run_id, decision, dry_run, len(waiting), chosen, left_alone)
    if chosen and not dry_run:
        among = {"screenshot_ids": [each.shot.id for each in chosen]}
        _told(found, client.review(run_id, decision, comment, among, allow_superseded=allow_superseded))
    return found


def _obstacle(shot: RunScreenshot, decision: str) -> str:
    if shot.quarantine_id is not None:
        return "in quarantine"
    return "never stood still" if shot.unstable and decision == "approved" else ""


def _told(found: Decided, reviewed: Reviewed) -> None:
    """What others did in the meantime is said, and stays."""
    done = set(reviewed.screenshot_ids)
    by_id = {each.shot.id: each for each in found.chosen}
    found.group_id = reviewed.group_id
    found.chosen = [each for each in found.chosen if each.shot.id in done]
    for skipped in reviewed.skipped:
        first = f"{skipped.by} {skipped.decision} it first" if skipped.decision else skipped.reason.replace("_", " ")
        found.left_alone.append((by_id[skipped.screenshot_id], first))


def report(found: Decided, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(found.document, indent=2) + "\n")
        return
    terminal = Console()
    console = terminal if terminal.is_terminal else Console(width=_WIDTH)
    if found.chosen or found.left_alone:
        console.print(_table(found))
    for sentence in _sentences(found):
        console.print(Text(sentence), soft_wrap=True)


def _table(found: Decided) -> Table:
    lines = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for name in ("Screenshot", "Verdict", "What happened", "Decision"):
        lines.add_column(name, overflow="fold")
    word = f"would be {found.decision}" if found.dry_run else found.decision
    for each, decision in [*((each, word) for each in found.chosen), *found.left_alone]:
        execution = each.execution
        viewport = execution.viewport.name or execution.viewport.key
        where = f"{execution.task_name}\n{execution.browser} {viewport} {each.shot.target}"
        verdict = str(each.shot.verdict or "")
        lines.add_row(Text(printable(where)), verdict, Text(printable(each.shot.sentence)), Text(printable(decision)))
    return lines


def _sentences(found: Decided) -> list[str]:
    if not found.waiting:
        told = ["Nothing of this run waits for a decision."]
    elif not found.chosen and not found.left_alone:
        told = [f"Nothing matches: {count(found.waiting, 'screenshot')} of this run wait for a decision."]
    else:
        would = "would be " if found.dry_run else ""
        told = [f"{count(len(found.chosen), 'screenshot')} {would}{found.decision}."]
        if found.left_alone:
            told.append(f"{len(found.left_alone)} left alone.")
    if found.group_id is not None and found.chosen:
        told.append(f"Undo: scene undo {found.run_id} {found.group_id}")
    if found.baseline is not None:
        pictures = count(found.baseline.items_succeeded, "picture")
        told.append(f"A new baseline of the line {found.baseline.line}: {found.baseline.id}, {pictures}.")
    if found.problem:
        told.append(f"No baseline was made: {found.problem}")
    return told
