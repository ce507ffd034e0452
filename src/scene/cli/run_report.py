"""What came of a run: lines for people, a document for programs."""

from dataclasses import dataclass
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scene.client import SceneClient
from scene.client.answers import Execution, Run, Screenshot
from scene.domain.amounts import percent_number
from scene.domain.exit_code import ExitCode
from scene.domain.status import Purpose, Status, Verdict

_COLOURS = {"failed": "red", "changed": "yellow", "no_baseline": "cyan"}
_WIDTH = 200
"""Of a log file: an address that is broken over lines leads nowhere."""


@dataclass(frozen=True)
class Finding:
    """One execution with what there is to say about it."""

    execution: Execution
    sentence: str
    url: str

    @property
    def outcome(self) -> str:
        return self.execution.verdict or self.execution.status


def findings(client: SceneClient, run: Run) -> list[Finding]:
    """Only executions that changed are asked for their screenshots: a large run that passed takes few requests."""
    found = []
    for execution in client.executions(run.id):
        changed = execution.verdict is Verdict.CHANGED
        screenshots = client.screenshots(execution.id) if changed else []
        found.append(Finding(execution, sentence(execution, screenshots), client.address(execution.url)))
    return found


def sentence(execution: Execution, screenshots: list[Screenshot]) -> str:
    """Why it failed or what changed; empty when there is nothing to say."""
    if execution.status is Status.FAILED:
        return execution.message or f"It failed with the reason {execution.reason}."
    if execution.verdict is Verdict.NO_BASELINE:
        return "The baseline has no picture of it."
    worth_telling = [shot for shot in screenshots if shot.verdict in (Verdict.CHANGED, Verdict.MISSING)]
    told = [(shot.target, shot.sentence) for shot in worth_telling]
    return told[0][1] if len(told) == 1 else " ".join(f"{target}: {said}" for target, said in told)


def document(client: SceneClient, run: Run, code: ExitCode | None) -> dict[str, Any]:
    """What ``scene run --json`` prints. The exit code is null when the run was not waited for."""
    return {
        "run": run.model_dump(mode="json") | {"url": client.address(run.url)},
        "executions": [_line(finding) for finding in findings(client, run)],
        "exit_code": code,
    }


def _line(finding: Finding) -> dict[str, Any]:
    execution = finding.execution
    return {
        "id": execution.id,
        "task": execution.task_name,
        "page": execution.page_name,
        "browser": execution.browser,
        "viewport": execution.viewport.key,
        "status": execution.status,
        "reason": execution.reason,
        "verdict": execution.verdict,
        "level": execution.level,
        "percent_changed": execution.percent_changed,
        "changed_pixels": execution.changed_pixels,
        "reference_differs": execution.reference_differs,
        "renderer_differs": execution.renderer_differs,
        "sentence": finding.sentence,
        "url": finding.url,
    }


def report(client: SceneClient, run: Run, code: ExitCode | None) -> None:
    """Print what failed, changed or is new, then one line for the whole run."""
    terminal = Console()
    console = terminal if terminal.is_terminal else Console(width=_WIDTH)
    worth_telling = [finding for finding in findings(client, run) if finding.outcome in _COLOURS] if code else []
    if worth_telling:
        console.print(_table(worth_telling))
    console.print(Text(f"{headline(run, code)} {client.address(run.url)}"), soft_wrap=True)


def _table(worth_telling: list[Finding]) -> Table:
    lines = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for name in ("Execution", "Outcome", "Percent", "What happened"):
        lines.add_column(name, overflow="fold", justify="right" if name == "Percent" else "left")
    for finding in worth_telling:
        execution = finding.execution
        where = f"{execution.task_name}\n{execution.browser} {execution.viewport.name or execution.viewport.key}"
        percent = execution.percent_changed
        lines.add_row(
            Text(printable(where)),
            Text(_outcome(finding), _COLOURS[finding.outcome]),
            "" if percent is None else percent_number(percent),
            Text(f"{printable(finding.sentence)}\n{finding.url}"),
        )
    return lines


def _outcome(finding: Finding) -> str:
    """The word, how large the change is, and what makes it doubtful."""
    execution = finding.execution
    lines = [finding.outcome]
    if execution.level in ("minor", "major"):
        lines[0] += f" ({execution.level})"
    if execution.renderer_differs:
        lines.append("renderer differs")
    return "\n".join(lines)


def headline(run: Run, code: ExitCode | None) -> str:
    """How the run ended, and how many of its executions ended how."""
    summary = run.summary
    if code is None:
        return f"Started {summary.total} executions."
    if code is ExitCode.PASSED:
        # What has no baseline was forgiven, not compared.
        word = "Passed" if run.passed else "Accepted"
        word = "Recorded" if run.purpose is Purpose.BASELINE_RECORDING else word
    else:
        word = "Failed" if code is ExitCode.FAILED else "Not passed"
    reason = f" ({run.reason})" if run.reason else ""
    counts = {"failed": summary.failed, "changed": summary.changed, "without a baseline": summary.no_baseline}
    counts |= {"unchanged": summary.unchanged} if run.purpose is Purpose.COMPARISON else {"recorded": summary.finished}
    counts |= {"in quarantine": summary.quarantined}
    told = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
    return f"{word}{reason}: {told} of {summary.total}."


def printable(text: str) -> str:
    """What a page says may end up in a sentence: it must not steer the terminal."""
    return "".join(character if character.isprintable() or character == "\n" else "?" for character in text)
