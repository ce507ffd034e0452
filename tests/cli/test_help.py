"""What ``--help`` tells a newcomer."""

import re

from typer.testing import CliRunner

from scene.cli import COMMANDS, GROUPS, app


def help_of(*command: str) -> str:
    return CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}).output


def test_every_command_is_listed_by_its_name() -> None:
    listed = re.findall(r"^│ (\w+) ", help_of().partition("Commands")[2], re.MULTILINE)
    assert listed == [*COMMANDS, *GROUPS]


def test_paragraphs_fill_the_terminal() -> None:
    lines = [line.strip() for line in help_of("run").splitlines()]
    first = lines.index("Exit codes with --wait: 0 passed; 1 something changed or has no baseline; 2 an")
    assert lines[first + 1] == "execution failed, or the run was ended early; 3 could not run."
