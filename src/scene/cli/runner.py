"""``scene runner``: the image that executions run in."""

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from scene.errors import SetupError
from scene.launch.docker.building import build
from scene.launch.docker.engine import Engine, EngineError, Image
from scene.launch.selection import build_arguments, stale
from scene.settings import load_settings


class Act(StrEnum):
    BUILD = "build"
    SHOW = "show"


class Target(StrEnum):
    CHROMIUM = "chromium"
    ALL = "all"


def runner(
    act: Annotated[Act, typer.Argument(help="Build the image, or show which one there is.")],
    base: Annotated[
        str | None, typer.Option(help="Debian to build on.", show_default="SCENE_RUNNER_BASE_IMAGE")
    ] = None,
    image: Annotated[str | None, typer.Option(help="Name of the image.", show_default="SCENE_RUNNER_IMAGE")] = None,
    target: Annotated[Target, typer.Option(help="Chromium alone, or Firefox and ffmpeg too.")] = Target.ALL,
    certificates: Annotated[
        Path | None,
        typer.Option(
            help="Folder of certificate authorities (*.crt) for the build and for pages.",
            show_default="those added to this machine",
            exists=True,
            file_okay=False,
        ),
    ] = None,
) -> None:
    """Build the image that executions run in with the launcher docker, which takes some minutes, or show it.

    Exit code 0 when the engine has an image of this version of Scene, 3 otherwise.
    """
    settings = load_settings()
    name = image or settings.runner_image
    console = Console(stderr=True, soft_wrap=True)
    try:
        engine = Engine()
        console.print(Text(f"Container engine {engine.version()}."))
        if act is Act.SHOW:
            _show(name, engine.image(name))
            return
        began = time.monotonic()
        built = build(
            engine,
            name,
            base=base or settings.runner_base_image,
            target=target.value,
            certificates=certificates,
            arguments=build_arguments(),
            say=lambda line: console.print(Text(f"[{time.monotonic() - began:4.0f} s] {line}")),
        )
    except EngineError as error:
        raise SetupError(str(error)) from error
    _show(name, built)


def _show(name: str, image: Image) -> None:
    browsers = ", ".join(image.browsers) or "no browser"
    Console(soft_wrap=True).print(Text(f"{name} is {image.id[7:19]}, with {browsers}."))
    if stale(image):
        raise SetupError(f"{name} is of another version of Scene. Build it anew with `scene runner build`.")
