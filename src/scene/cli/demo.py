"""``scene demo``: the main job on the bundled sample site."""

import json
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from scene import logs
from scene.bootstrap import Scene
from scene.cli.progress import progress_bars
from scene.demo.main_job import DemoResult, MainJob
from scene.demo.report import document, table
from scene.demo.server import SampleSite
from scene.listening import listen
from scene.server import web_server
from scene.settings import ServerSettings, load_settings
from scene.web.render import STATIC, asset
from scene.web.trace_viewer import viewer_folder


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the comparison instead of serving on.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")] = False,
    port: Annotated[
        int | None, typer.Option(help="Port of the web interface; 0 takes a free one.", show_default="8000")
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder whose sub-folder demo is made anew.", show_default=".scene")
    ] = None,
) -> None:
    """Record a sample site, change it, compare it, and show what changed.

    Exits with 0 when every verdict is the expected one, 1 when one is not, 3 when it could not run.
    """
    settings = load_settings(port=port, data_dir=data_dir)
    logs.configure(settings.model_copy(update={"log_level": "warning"}))
    with _data_folder(settings.data_dir, temporary=once) as folder:
        # Its own database and files, whatever the settings name: a demo is made anew, and belongs to nobody's data.
        own = {"data_dir": folder, "database_url": None, "artifacts_url": None}
        result = _show(settings.model_copy(update=own), once=once, as_json=as_json)
    if not result.as_expected:
        raise typer.Exit(1)


def _show(settings: ServerSettings, *, once: bool, as_json: bool) -> DemoResult:
    bound = settings.model_copy(update={"port": 0, "trace_port": 0}) if once else settings
    listeners = listen(bound, traces=viewer_folder() is not None)
    url = listeners.url
    settings = settings.model_copy(update={"public_url": url})
    with listeners, Scene(settings, fresh=True) as scene, SampleSite(font=_font()) as site:
        server = web_server(scene.services, settings, listeners)
        serving = threading.Thread(target=server.run, kwargs={"sockets": listeners.sockets}, name="web", daemon=True)
        serving.start()
        try:
            with progress_bars() as on_progress:
                result = MainJob(scene.services, site, on_progress).run()
            _print(result, f"{url}/runs/{result.run.id}", as_json=as_json)
            if not once:
                Console(stderr=True).print(f"Review the run at {url}/runs/{result.run.id} - Ctrl+C ends the demo.")
                serving.join()
        finally:
            server.should_exit = True
            serving.join()
    return result


def _print(result: DemoResult, url: str, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(document(result, url), indent=2) + "\n")
        sys.stdout.flush()
    else:
        Console().print(table(result))


@contextmanager
def _data_folder(data_dir: Path, *, temporary: bool) -> Iterator[Path]:
    if temporary:
        with tempfile.TemporaryDirectory(prefix="scene-demo-") as name:
            yield Path(name)
    else:
        yield data_dir / "demo"


def _font() -> Path:
    return STATIC / asset("demo-font.woff2").removeprefix("/static/")
