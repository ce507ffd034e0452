"""``scene worker``: carries out executions for servers elsewhere."""

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from prometheus_client import start_http_server
from rich.console import Console

from scene import logs
from scene.bootstrap import Scene
from scene.errors import SetupError
from scene.settings import ServerSettings, load_settings
from scene.telemetry.exporting import export_spans
from scene.telemetry.metrics import REGISTRY


def worker(
    slots: Annotated[int | None, typer.Option(help="Executions at once.", show_default="one for each core")] = None,
    browser: Annotated[
        list[str] | None, typer.Option(help="Take executions in this browser alone; may be given several times.")
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(help="What this worker is, for runs that want it; may be given several times."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Its name in the registry.", show_default="host and process")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of temporary files, of this process alone.", show_default=".scene")
    ] = None,
    drain_seconds: Annotated[
        float | None, typer.Option(help="How long SIGTERM waits for what executes.", show_default="60")
    ] = None,
    metrics_port: Annotated[int | None, typer.Option(help="Port for Prometheus; 0 takes a free one.")] = None,
) -> None:
    """Carry out executions for servers elsewhere: on any machine, as many workers as are wanted.

    It needs the servers' PostgreSQL (SCENE_DATABASE_URL), artifact store (SCENE_ARTIFACTS_URL) and secret key. SIGTERM
    ends it in order: it takes nothing more, finishes what it has, and hands back what takes too long.

    How many executions there are at once over all workers is the setting `concurrency` of the servers, 2 by default:
    raise it to what the workers have together.
    """
    settings = load_settings(
        slots=slots,
        worker_browsers=browser or None,
        worker_labels=label or None,
        worker_name=name,
        data_dir=data_dir,
        drain_seconds=drain_seconds,
        metrics_port=metrics_port,
        worker=True,
    )
    _require_shared(settings)
    logs.configure(settings)
    export_spans(settings.otlp_endpoint)
    ending = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        ending.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    told = _tell_metrics(settings)
    with Scene(settings, only_worker=True) as scene:
        console = Console(stderr=True, soft_wrap=True)
        console.print(f"Worker at work for {scene.store.place}, {settings.slots} at once{told}. Ctrl+C ends it.")
        if held_back := scene.services.workers.held_back():
            console.print(held_back)
        ending.wait()


def _require_shared(settings: ServerSettings) -> None:
    if not settings.shares_database:
        raise SetupError(
            "A worker needs the PostgreSQL that it shares with the servers: the queue of an embedded Scene is inside "
            "its server. Set SCENE_DATABASE_URL, or use `scene serve` alone."
        )
    if settings.artifacts_url is None:
        raise SetupError(
            "A worker needs the artifact store that it shares with the servers. Set SCENE_ARTIFACTS_URL, such as "
            "s3://bucket/prefix, or the URL of a folder that all of them mount."
        )


def _tell_metrics(settings: ServerSettings) -> str:
    """Where, as part of a sentence. Raises SetupError when the port is taken."""
    if settings.metrics_port is None:
        return ""
    try:
        server, _ = start_http_server(settings.metrics_port, settings.metrics_host, registry=REGISTRY)
    except OSError as error:
        raise SetupError(
            f"SCENE_METRICS_PORT: {settings.metrics_host}:{settings.metrics_port} cannot be used ({error.strerror}). "
            "Choose another port, or 0 for any free one."
        ) from error
    return f", numbers at http://{settings.metrics_host}:{server.server_port}/metrics"
