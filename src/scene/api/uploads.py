"""A body that is too large for memory: into a file, and not beyond what is taken."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from scene.api.deps import ServicesDep
from scene.errors import TooLarge


async def _uploaded(request: Request, services: ServicesDep) -> AsyncIterator[Path]:
    """The file, which goes with the request. Raises TooLarge as soon as that is known."""
    most = services.importing.most_bytes
    too_large = TooLarge(f"Content-Length: at most {most:,} bytes are imported at once; SCENE_IMPORT_MAX_MB says so.")
    stated = request.headers.get("content-length", "0")
    if not stated.isdigit() or int(stated) > most:
        raise too_large
    with services.importing.folder() as folder:
        path, received = folder / "upload.zip", 0
        with path.open("wb") as file:
            async for chunk in request.stream():
                received += len(chunk)
                if received > most:
                    raise too_large
                await run_in_threadpool(file.write, chunk)
        yield path


Uploaded = Annotated[Path, Depends(_uploaded)]
