"""``scene serve``: web interface, API, queue and worker in one process."""

import gc
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from scene import logs
from scene.bootstrap import Scene
from scene.listening import listen
from scene.server import web_server
from scene.settings import load_settings
from scene.telemetry.exporting import export_spans
from scene.web.trace_viewer import viewer_folder


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.", show_default="8000")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the database and the artifacts.", show_default=".scene")
    ] = None,
    worker: Annotated[
        bool | None,
        typer.Option(
            "--worker/--no-worker",
            help="Whether executions are carried out here too, or by `scene worker` elsewhere.",
            show_default="--worker",
        ),
    ] = None,
) -> None:
    """Run Scene here: web interface, API, queue and worker in one process."""
    settings = load_settings(host=host, port=port, data_dir=data_dir, worker=worker)
    logs.configure(settings)
    export_spans(settings.otlp_endpoint)
    listeners = listen(settings, traces=viewer_folder() is not None)
    settings = settings.model_copy(update={"public_url": settings.public_url or listeners.url})
    signal.signal(signal.SIGTERM, _end)
    with listeners, Scene(settings) as scene:
        server = web_server(scene.services, settings, listeners)
        Console(stderr=True).print(f"Scene serves {settings.public_url} (data in {settings.data_dir}). Ctrl+C ends it.")
        # What start-up made is there to stay. Looking through all of it again and again, as the garbage collector
        # does while many objects are made, took a third of the time that a large run needs to be created.
        gc.freeze()
        server.run(sockets=listeners.sockets)


def _end(_: int, __: FrameType | None) -> None:
    """The web server hands SIGTERM on when it is done; leaving by an exception closes everything else."""
    sys.exit(143)
