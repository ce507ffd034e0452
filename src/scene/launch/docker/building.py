"""Build the runner's image."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from docker.errors import APIError, BuildError, DockerException

from scene.launch.docker import context
from scene.launch.docker.engine import CONTEXT_LABEL, Engine, EngineError, Image, plain

Target = Literal["chromium", "all"]
Say = Callable[[str], None]

_KEPT_LINES = 15


def build(
    engine: Engine,
    name: str,
    *,
    base: str | None = None,
    target: Target = "all",
    certificates: Path | None = None,
    arguments: Mapping[str, str] | None = None,
    say: Say,
) -> Image:
    """The image; takes minutes. say hears every line of the build. Raises EngineError naming the step that failed."""
    given = {**(arguments or {}), **({"BASE": base} if base else {})}
    step = ""
    said: list[str] = []
    error = ""
    try:
        lines = engine.client.build(
            fileobj=io.BytesIO(context.archive(certificates)),
            custom_context=True,
            tag=name,
            target=target,
            buildargs=given,
            labels={CONTEXT_LABEL: context.digest()},
            # Packages come from where this machine gets them.
            network_mode="host",
            rm=True,
            forcerm=True,
            decode=True,
            timeout=None,
        )
        for line in lines:
            error = str(line.get("error", error))  # the last line then
            for text in str(line.get("stream", "")).splitlines():
                if text.startswith("Step "):
                    step = text
                if text.strip():
                    said = [*said[1 - _KEPT_LINES :], text]
                    say(text)
    except (APIError, BuildError, DockerException, OSError) as broken:
        raise EngineError(f"The image could not be built: {plain(broken)}.") from broken
    if error:
        raise EngineError(_failure(step, said, error))
    return engine.image(name)


def _failure(step: str, said: list[str], error: str) -> str:
    return "\n".join([f"The image could not be built. {step}", *said, error])
