"""Remake the reference pages of the documentation from what they describe: settings, commands, errors.

`make docs` writes them; the tests compare them with what is committed.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

from pydantic_settings import BaseSettings
from typer.main import get_command
from typer.testing import CliRunner

from scene import errors
from scene.api.problems import DOCUMENTED
from scene.cli import COMMANDS, GROUPS, app
from scene.settings import ClientSettings, ServerSettings

DOCS = Path(__file__).resolve().parent.parent / "docs"
NOTE = "\n<!-- Made by `make docs`: edit what it describes instead. -->\n"
BROKEN = "Scene itself failed, or is not set up"


def settings_page() -> str:
    lines = [
        "# Settings",
        NOTE,
        "Scene reads these environment variables when it starts. A wrong value is refused by name.\n",
        *_settings_of(ServerSettings),
        "\n## Commands that talk to a server\n",
        *_settings_of(ClientSettings),
    ]
    return "\n".join(lines) + "\n"


def _settings_of(settings: type[BaseSettings]) -> list[str]:
    lines = ["| variable | default | what it does |", "|---|---|---|"]
    for name, field in settings.model_fields.items():
        if field.default_factory:
            shown = "number of cores, at most 8"
        elif field.default is None:
            shown = ""
        else:
            shown = f"`{json.dumps(field.default, default=str).strip(chr(34))}`"
        lines.append(f"| `SCENE_{name.upper()}` | {shown} | {' '.join((field.description or '').split())} |")
    return lines


def commands_page() -> str:
    parts = [f"# Commands\n{NOTE}\nExit code 3 means that a command could not run; standard error says why.\n"]
    parts += [_help_of(name) for name in COMMANDS]
    for group in GROUPS:
        commands = get_command(import_module(f"scene.cli.{group}").app).commands  # type: ignore[attr-defined]
        parts += [_help_of(group, name) for name in commands]
    return "\n".join(parts)


def _help_of(*words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"})
    text = "\n".join(line.rstrip() for line in result.output.strip().splitlines())
    return f"## scene {' '.join(words)}\n\n```text\n{text}\n```\n"


def errors_page() -> str:
    lines = [
        "# Errors of the REST interface",
        NOTE,
        "Every error is a problem document (RFC 9457, `application/problem+json`): `status`, `code` for programs,",
        "`detail` for people, and for wrong input `errors`, a list of `field` and `message`.\n",
        "| code | status | when |",
        "|---|---|---|",
    ]
    classes = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.SceneError)]
    rows = {(each.http_status, each.code): DOCUMENTED.get(str(each.http_status), BROKEN) for each in classes}
    rows |= {
        (409, "idempotency_conflict"): "The Idempotency-Key was used for another request",
        (403, "cross_site"): "A change that another site asked for",
        (401, "unauthenticated"): DOCUMENTED["401"],
        (429, "too_many_tries"): "Somebody tried to sign in too often; Retry-After says when to try again",
        (405, "method_not_allowed"): "The address does not take this method",
        (413, "too_large"): DOCUMENTED["413"],
        (415, "unsupported_media_type"): DOCUMENTED["415"],
        (416, "range_not_satisfiable"): DOCUMENTED["416"],
        (421, "host_not_allowed"): DOCUMENTED["421"],
    }
    lines += [f"| `{code}` | {status} | {when} |" for (status, code), when in sorted(rows.items())]
    return "\n".join(lines) + "\n"


PAGES = {"settings.md": settings_page, "commands.md": commands_page, "errors.md": errors_page}


def main() -> int:
    for name, page in PAGES.items():
        (DOCS / name).write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
