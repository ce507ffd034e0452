"""The files that a container sends, in the folder of its job."""

from contextlib import suppress
from pathlib import Path

from scene_runner.frames import NoFrame
from scene_runner.protocol import Json, is_plain

_MAX_BYTES = 1024**3


class ReceivedFiles:
    """A container may be in a page's hands: it writes plain names only, and not without end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bytes = 0
        self._lost: dict[str, str] = {}
        """What could not be written, by name, and why."""

    def add(self, name: str, content: bytes) -> None:
        """Append. Raises NoFrame for what no runner sends, and OSError when it cannot be written."""
        self._bytes += len(content)
        if not is_plain(name) or self._bytes > _MAX_BYTES:
            raise NoFrame(f"a file named {name[:50]!r}, after {self._bytes} bytes")
        if name in self._lost:
            return
        path = self._folder / name
        try:
            with path.open("ab") as file:
                file.write(content)
        except OSError as error:
            self._lost[name] = error.strerror or str(error)
            with suppress(OSError):
                path.unlink(missing_ok=True)
            raise

    def judge(self, result: Json) -> Json:
        """The runner's result; failed where a file is not here that it sent in good faith."""
        if not self._lost:
            return result
        name, why = next(iter(self._lost.items()))
        files = [file for file in result.get("files", ()) if file["file"] not in self._lost]
        message = f"The job's files could not be written: {name}: {why}."
        return {**result, "status": "failed", "reason": "storage", "message": message, "files": files}
