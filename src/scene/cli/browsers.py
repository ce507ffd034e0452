"""``scene browsers``: which are here, which are missing and how to get them."""

import json
import sys
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from scene.cli.machine import discovery
from scene.domain.exit_code import ExitCode
from scene.domain.viewport import Browser
from scene.launch.discovery import FoundBrowser, NoBrowser
from scene.launch.installation import install as install_browser
from scene.settings import load_settings


@dataclass(frozen=True)
class _Line:
    name: str
    found: FoundBrowser | None
    missing: str
    """What is missing and how to get it."""

    def document(self) -> dict[str, Any]:
        found = self.found
        return {
            "name": self.name,
            "available": found is not None,
            "version": found.version if found else None,
            "engine": found.engine if found else None,
            "path": found.path if found else None,
            "missing": self.missing or None,
        }


def browsers(
    asked: Annotated[list[Browser] | None, typer.Argument(metavar="BROWSER", help="chromium, firefox, webkit.")] = None,
    install: Annotated[
        bool, typer.Option("--install", help="Install what is missing of those named, or else Chromium.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")] = False,
) -> None:
    """Say which browsers are here, and install what is missing.

    Exit code 0 when every browser named (or else Chromium) is here, 3 otherwise.
    """
    wanted = asked or [Browser.CHROMIUM]
    lines = [_look(browser, install=install and browser in wanted) for browser in asked or Browser]
    if as_json:
        document = {"ready": _ready(lines, wanted), "browsers": [line.document() for line in lines]}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        _print(lines)
    raise typer.Exit(ExitCode.PASSED if _ready(lines, wanted) else ExitCode.COULD_NOT_RUN)


def _look(browser: Browser, *, install: bool) -> _Line:
    known = discovery(load_settings())
    try:
        return _Line(browser, install_browser(known, browser, _say) if install else known.find(browser), "")
    except NoBrowser as missing:
        return _Line(browser, None, str(missing))


def _ready(lines: list[_Line], wanted: list[Browser]) -> bool:
    return all(line.found is not None for line in lines if line.name in wanted)


def _say(sentence: str) -> None:
    Console(stderr=True, soft_wrap=True).print(Text(sentence))


def _print(lines: list[_Line]) -> None:
    table = Table(pad_edge=False)
    table.add_column("browser", style="bold", no_wrap=True)
    table.add_column("engine", no_wrap=True)
    table.add_column("version and path, or how to get it", overflow="fold")
    for line in lines:
        if line.found:
            table.add_row(line.name, line.found.engine, escape(f"{line.found.version}\n{line.found.path}"))
        else:
            table.add_row(line.name, "[yellow]missing[/]", escape(line.missing))
    Console().print(table)
