"""``scene sweep``: remove stored files that nothing refers to, now."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.text import Text

from scene.beside import sweep_of
from scene.services.sweep import SweepReport
from scene.settings import load_settings


def sweep(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and remove nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")] = False,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the database and the artifacts.", show_default=".scene")
    ] = None,
) -> None:
    """Remove stored files that nothing refers to, as servers do from time to time; also while they run.

    A file goes in two steps, each after SCENE_SWEEP_GRACE_SECONDS: it is set aside when nobody
    stored it again, and removed when nobody asked for it.
    """
    with sweep_of(load_settings(data_dir=data_dir)) as service:
        report = service.run(dry_run=dry_run)
    if as_json:
        blobs = asdict(report.blobs)
        counted = {"dry_runs": report.dry_runs, "temporary": report.temporary}
        sys.stdout.write(json.dumps({"dry_run": report.dry_run, **blobs, **counted}) + "\n")
    else:
        Console(soft_wrap=True).print(Text("\n".join(_sentences(report))))


def _sentences(report: SweepReport) -> list[str]:
    blobs = report.blobs
    would = "would be " if report.dry_run else ""
    return [
        f"{report.dry_runs} dry runs {would}removed: they are older than a day.",
        f"{blobs.removed} files ({decimal(blobs.removed_bytes)}) {would}removed: nobody missed them.",
        f"{blobs.set_aside} files ({decimal(blobs.set_aside_bytes)}) {would}set aside: nothing refers to them.",
        f"{blobs.given_back} files {would}given back: something refers to them after all.",
        f"{blobs.leftovers} killed writes and {report.temporary} temporary files and folders {would}removed.",
    ]
