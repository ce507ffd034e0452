"""Which launcher this server uses, and why."""

import hashlib
import os
import socket
from dataclasses import dataclass

import structlog

from scene.domain.model import new_id
from scene.domain.setting_values import is_loopback
from scene.egress.proxy import Egress
from scene.egress.upstream import Upstreams
from scene.errors import SetupError
from scene.launch.base import Launcher
from scene.launch.docker import context
from scene.launch.docker.building import build
from scene.launch.docker.engine import Engine, EngineError, Image, NotThere
from scene.launch.docker.launcher import DockerLauncher
from scene.launch.docker.options import ContainerOptions, PoolOptions
from scene.launch.process import ProcessLauncher
from scene.settings import ServerSettings

log = structlog.get_logger(__name__)

_QUICK_SECONDS = 3
"""What ``auto`` gives an engine to answer."""


@dataclass(frozen=True)
class Chosen:
    launcher: Launcher
    detail: str
    """Which it is, why, and what isolates the pages: part of a sentence."""


def choose(settings: ServerSettings) -> Chosen:
    """Raises SetupError when the launcher that is set cannot be used."""
    if settings.launcher == "process":
        return _process(settings, "as is set")
    try:
        engine = Engine(**({"answer_seconds": _QUICK_SECONDS} if settings.launcher == "auto" else {}))
        version = engine.version()
        _usable_image(engine, settings)
        if settings.launcher == "auto":  # it is there: from now on it may take its time
            engine.close()
            engine = Engine()
        launcher = DockerLauncher(engine, container_options(settings), _egress(settings), _pool_options(settings))
    except EngineError as error:
        if settings.launcher == "docker":
            raise SetupError(f"SCENE_LAUNCHER is docker: {error}") from error
        return _process(settings, str(error).rstrip("."))
    why = "as is set" if settings.launcher == "docker" else f"engine {version} answers"
    sandbox = "Chromium's sandbox is on" if launcher.sandbox else "Chromium's sandbox is off, as is set"
    return Chosen(launcher, f"launcher docker ({why}); image {settings.runner_image}; {sandbox}")


def container_options(settings: ServerSettings) -> ContainerOptions:
    place = f"{socket.gethostname()}:{settings.data_dir.resolve()}"
    return ContainerOptions(
        image=settings.runner_image,
        owner=hashlib.sha256(place.encode()).hexdigest()[:8],
        instance=new_id()[-6:].lower(),
        memory_mb=settings.runner_memory_mb,
        tmp_mb=settings.runner_tmp_mb,
        cpus=settings.runner_cpus,
        pids=settings.runner_pids,
        lifetime_seconds=settings.runner_lifetime_seconds,
        reuse=settings.runner_reuse,
        network=settings.runner_network,
        seccomp=settings.runner_seccomp,
    )


def stale(image: Image) -> bool:
    """Whether an image was built by another version of Scene; one that was built otherwise is taken on trust."""
    return bool(image.context) and image.context != context.digest()


def build_arguments() -> dict[str, str]:
    """What a build takes over from this machine."""
    return {"PIP_INDEX_URL": os.environ["PIP_INDEX_URL"]} if os.environ.get("PIP_INDEX_URL") else {}


def _pool_options(settings: ServerSettings) -> PoolOptions:
    return PoolOptions(
        size=settings.effective_warm_runners,
        memory_mb=settings.warm_runners_memory_mb,
        idle_seconds=settings.warm_runners_idle_seconds,
    )


def _process(settings: ServerSettings, why: str) -> Chosen:
    launcher = ProcessLauncher(
        settings.browser_paths,
        egress=_egress(settings),
        only_listed=not settings.egress_proxy,
        memory_limit_bytes=settings.runner_memory_mb << 20,
    )
    sandbox = "Chromium's sandbox is on" if launcher.sandbox else "Chromium's sandbox is off, since the server is root"
    return Chosen(launcher, f"launcher process ({why}); {sandbox}")


def _egress(settings: ServerSettings) -> Egress:
    by_default = is_loopback(settings.host)
    loopback = by_default if settings.loopback_pages is None else settings.loopback_pages
    return Egress(loopback=loopback, upstreams=Upstreams.of_this_machine())


def _usable_image(engine: Engine, settings: ServerSettings) -> None:
    """Raises EngineError when there is none, and none is to be had."""
    name, missing = settings.runner_image, settings.runner_image_missing
    problem = _problem(engine, name)
    if problem and settings.launcher == "docker" and missing != "refuse":
        log.warning("getting_runner_image", image=name, by=missing, because=problem)
        if missing == "pull":
            engine.pull(name)
        else:
            build(
                engine,
                name,
                base=settings.runner_base_image,
                arguments=build_arguments(),
                say=lambda line: log.info("runner_image", line=line),
            )
        problem = _problem(engine, name)
    if problem:
        raise EngineError(f"{problem} Build it with `scene runner build`.")


def _problem(engine: Engine, name: str) -> str:
    """What is wrong with an image; empty when it is there and of this version."""
    try:
        return f"The image {name} is of another version of Scene." if stale(engine.image(name)) else ""
    except NotThere as error:
        return str(error)
