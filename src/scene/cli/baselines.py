"""``scene baselines``: import reference pictures as a baseline of a server, and export a baseline of it."""

import json
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from scene.cli.operator import command, group
from scene.cli.run_report import printable
from scene.client import Refusal, SceneClient
from scene.client.answers import Imported
from scene.domain.amounts import count
from scene.domain.importing import MAPPINGS
from scene.errors import Invalid, SceneError
from scene.settings import load_client_settings

app = group("Baselines of a server: import reference pictures, export a baseline.")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")]
Server = Annotated[str | None, typer.Option(metavar="URL", help="Address of Scene, instead of SCENE_SERVER_URL.")]


@command(app, "import")
def import_(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A folder of PNG pictures, or a zip of them.")],
    batch: Annotated[str, typer.Option(help="The batch: its id, or project-slug/batch-name.")],
    line: Annotated[str | None, typer.Option(help="The line that gets the baseline.", show_default="main")] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV or JSON with file, task, browser, viewport and target of each picture.",
            show_default="mapping.csv or .json in SOURCE, else the names of the files",
        ),
    ] = None,
    notes: Annotated[str | None, typer.Option(metavar="TEXT", help="Shown with the baseline.")] = None,
    only_these: Annotated[
        bool, typer.Option("--only-these", help="Without the other pictures of the line's newest baseline.")
    ] = False,
    skip_unknown: Annotated[
        bool, typer.Option("--skip-unknown", help="Leave out pictures that nothing of the batch asks for.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, and make nothing.")] = False,
    idempotency_key: Annotated[
        str | None, typer.Option(metavar="KEY", help="The same command with the same key makes no second baseline.")
    ] = None,
    as_json: AsJson = False,
    server: Server = None,
) -> None:
    """Import reference pictures as a new baseline of a batch: all of them, or none and everything that is wrong.

    Pictures are known by the names of their files: task, browser, viewport and target, with anything between them;
    what a task has one of can be left out. BackstopJS's names are known too.
    """
    settings = load_client_settings(server_url=server)
    asked = {"line": line, "notes": notes}
    query = {name: value for name, value in asked.items() if value is not None}
    flags = {"only_these": only_these, "skip_unknown": skip_unknown, "dry_run": dry_run}
    query |= {name: "true" for name, is_set in flags.items() if is_set}
    with tempfile.TemporaryDirectory(prefix="scene-import-") as folder:
        archive = packed(source, mapping, Path(folder) / "pictures.zip")
        with SceneClient(settings.server_url, token=settings.token) as client:
            try:
                done = client.import_baseline(client.batch_id(batch), archive, query, idempotency_key)
            except Refusal as error:
                wrong = [f"{field.field} {field.message}" for field in error.fields]
                raise SceneError("\n".join(["Nothing was imported.", *wrong]) if wrong else error.message) from None
    if as_json:
        sys.stdout.write(done.model_dump_json(indent=2) + "\n")
    else:
        Console(soft_wrap=True).print(Text("\n".join(_sentences(done))))


@command(app, "export")
def export(
    baseline: Annotated[str, typer.Argument(metavar="BASELINE", help="Id of the baseline.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where the zip goes.")] = None,
    as_json: AsJson = False,
    server: Server = None,
) -> None:
    """Export a baseline as a zip of its pictures with a manifest, which can be imported again."""
    settings = load_client_settings(server_url=server)
    path = out or Path(f"baseline-{baseline}.zip")
    with SceneClient(settings.server_url, token=settings.token) as client:
        size = client.export_baseline(baseline, path)
    told = (
        json.dumps({"baseline": baseline, "file": str(path), "size": size}) if as_json else f"{path}: {size:,} bytes."
    )
    sys.stdout.write((told if as_json else f"{path}: {size:,} bytes.") + "\n")


def packed(source: Path, mapping: Path | None, into: Path) -> Path:
    """A zip of what is to be sent. Raises Invalid, naming the argument, when there is nothing to read."""
    if mapping is not None and (mapping.suffix not in (".csv", ".json") or not mapping.is_file()):
        raise Invalid.field("--mapping", f"{mapping} is not a file whose name ends with .csv or .json")
    if source.is_file() and mapping is None:
        return source
    given = (mapping, f"mapping{mapping.suffix}") if mapping else None
    try:
        with zipfile.ZipFile(into, "w") as archive:
            if given is not None:
                archive.write(*given)
            if source.is_dir():
                _add_folder(archive, source, without=MAPPINGS if given else ())
            else:
                _add_zip(archive, source, without=MAPPINGS)
    except (OSError, zipfile.BadZipFile) as error:
        raise Invalid.field("SOURCE", f"{source} cannot be read: {error}") from None
    return into


def _add_folder(archive: zipfile.ZipFile, folder: Path, without: Sequence[str]) -> None:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in without:
            archive.write(path, name)


def _add_zip(archive: zipfile.ZipFile, path: Path, without: Sequence[str]) -> None:
    with zipfile.ZipFile(path) as other:
        for info in other.infolist():
            if not info.is_dir() and info.filename not in without:
                archive.writestr(info.filename, other.read(info))


def _sentences(done: Imported) -> list[str]:
    told = [
        f"{each.file}: {each.task_name} ({each.browser}, {each.viewport_key}, {each.target})" for each in done.pictures
    ]
    told += [f"Left out: {each}" for each in done.left_out]
    pictures = count(len(done.pictures), "picture")
    others = f", {done.kept} others stay" if done.kept else ""
    lacks = f"; {done.missing} that the batch asks for are missing" if done.missing else ""
    if done.baseline is None:
        told.append(f"{pictures} would be imported{others}{lacks}. Nothing was made.")
    else:
        told.append(f"A new baseline of the line {done.baseline.line}: {done.baseline.id}, {pictures}{others}{lacks}.")
    return [printable(line) for line in told]
