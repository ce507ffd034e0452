"""``scene compare``: two PNG files, compared here and now, without a server."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scene.domain.comparison import ComparisonStats
from scene.domain.options import ComparisonPolicy
from scene.errors import PictureError
from scene.imaging.compare import compare_pictures
from scene.imaging.explain import explain
from scene.imaging.jobs import DIFF_NAME, HEATMAP_NAME, STATS_NAME, write_result

EQUAL, DIFFERENT, BAD_INPUT = 0, 1, 2


def compare(
    baseline: Annotated[Path, typer.Argument(metavar="A.png", help="The baseline: how it should look.")],
    observed: Annotated[Path, typer.Argument(metavar="B.png", help="The observed picture: how it looks.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for diff.png, heatmap.png and stats.json; made when missing.", metavar="DIR"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all numbers as one JSON document.")] = False,
    align: Annotated[
        bool, typer.Option("--align/--no-align", help="Align vertical shifts, so that an inserted band counts once.")
    ] = True,
    pixel_tolerance: Annotated[
        float, typer.Option(metavar="T", help="Colour distance that counts as equal, 0 (exact) to 1 (anything).")
    ] = 0.1,
    ignore_antialiasing: Annotated[
        bool, typer.Option("--ignore-antialiasing/--no-ignore-antialiasing", help="Do not count anti-aliasing.")
    ] = True,
) -> None:
    """Compare two PNG pictures.

    Exit code 0: no pixel changed. 1: some did. 2: the pictures or the options cannot be used.
    """
    policy = _policy(pixel_tolerance, ignore_antialiasing, align)
    before, after = _read(baseline, "A.png"), _read(observed, "B.png")
    if out is not None:
        _make_folder(out)
    try:
        result = compare_pictures(before, after, policy, (f"A.png: {baseline}", f"B.png: {observed}"))
    except PictureError as error:
        raise _bad_input(error.message) from None
    if out is not None:
        try:
            write_result(result, out)
        except OSError as error:
            raise _bad_input(f"--out: cannot write to {out}: {error.strerror or error}.") from None
    files = _files(baseline, observed, out, drawn=result.diff_png is not None)
    if as_json:
        typer.echo(json.dumps(_document(result.stats, files), ensure_ascii=False))
    else:
        _print_table(result.stats, files)
    raise typer.Exit(DIFFERENT if result.stats.changed_pixels else EQUAL)


def _policy(pixel_tolerance: float, ignore_antialiasing: bool, align: bool) -> ComparisonPolicy:
    try:
        return ComparisonPolicy(pixel_tolerance=pixel_tolerance, ignore_antialiasing=ignore_antialiasing, align=align)
    except ValidationError:
        raise _bad_input(f"--pixel-tolerance: must be a number from 0 to 1, not {pixel_tolerance:g}.") from None


def _read(path: Path, argument: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise _bad_input(f"{argument}: there is no file {path}.") from None
    except IsADirectoryError:
        raise _bad_input(f"{argument}: {path} is a folder, not a PNG picture.") from None
    except OSError as error:
        raise _bad_input(f"{argument}: cannot read {path}: {error.strerror or error}.") from None


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise _bad_input(f"--out: {out} is a file; name a folder.") from None
    except OSError as error:
        raise _bad_input(f"--out: cannot make the folder {out}: {error.strerror or error}.") from None


def _bad_input(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(BAD_INPUT)


def _files(baseline: Path, observed: Path, out: Path | None, *, drawn: bool) -> dict[str, str | None]:
    """The files read and written; None for those that were not."""
    return {
        "baseline": str(baseline),
        "observed": str(observed),
        "diff": str(out / DIFF_NAME) if out and drawn else None,
        "heatmap": str(out / HEATMAP_NAME) if out and drawn else None,
        "stats": str(out / STATS_NAME) if out else None,
    }


def _document(stats: ComparisonStats, files: dict[str, str | None]) -> dict[str, Any]:
    """Everything in stats.json, and what a script wants without knowing our words."""
    return {
        "equal": stats.changed_pixels == 0,
        "sentence": explain(stats),
        **stats.model_dump(mode="json"),
        "bounding_boxes": [region.model_dump(mode="json") for region in stats.regions],
        "files": files,
    }


def _print_table(stats: ComparisonStats, files: dict[str, str | None]) -> None:
    console = Console(highlight=False)
    console.print(Text(explain(stats)), soft_wrap=True)
    if not stats.changed_pixels:
        return
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("Changed", f"{stats.changed_pixels:,} of {stats.width * stats.height:,} px")
    table.add_row("Anti-aliased", f"{stats.antialiased_pixels:,} px")
    table.add_row("Regions", f"{stats.total_regions:,}")
    for name in ("diff", "heatmap", "stats"):
        if files[name]:
            table.add_row(name.capitalize(), Text(str(files[name]), overflow="fold"))
    console.print(table)
