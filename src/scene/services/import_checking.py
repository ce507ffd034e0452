"""What a file has to be to become a picture of a baseline. Each is decoded once."""

import hashlib
from collections.abc import Mapping

from scene.domain.catalog import Task
from scene.errors import Invalid, PictureError
from scene.imaging.blank import is_blank
from scene.imaging.decode import decode_png
from scene.services.import_sources import Problems, Source

ERROR_PICTURES: Mapping[str, str] = {
    "0cc2dadaaf27618da40a151cc0888be71aa2754f467563b001a6c054e700fa08": "no element matched",
    "159d14d1f0ed69742cd26df387df446efdeeed34227f56bf36b8343fb4054277": "an element was not visible",
    "3f564ca7662a9c13bc5c2189bc668eb5655a7421886880e0e053458c06202ab9": "a capture failed",
    "a5bb737a97ad71ebce0cf35e8f30e466b641daf1f7bc5c63228b0731c9efdec8": "a capture failed",
}
"""Digests of the files that BackstopJS saves in the place of a picture, and when: the same from its version 3 to 6."""


class ImportChecking:
    """Of one zip; what is wrong goes to the problems."""

    def __init__(self, source: Source, problems: Problems, error_pictures: Mapping[str, str]) -> None:
        self._source = source
        self._problems = problems
        self._error_pictures = error_pictures

    def check(self, file: str, task: Task, target: str, expected_sha256: str | None) -> tuple[str, int, int] | None:
        """Digest, width and height of a picture that can be decoded as a whole, and may be in a baseline."""
        try:
            data = self._source.read(file)
            pixels = decode_png(data, file)
        except Invalid as error:
            self._problems.add(file, "", error.message.partition(": ")[2])
            return None
        except PictureError as error:
            self._problems.add(file, "", error.message.removeprefix(file).strip().rstrip("."))
            return None
        sha256 = hashlib.sha256(data).hexdigest()
        if expected_sha256 not in (None, sha256):
            self._problems.add(file, "sha256", "is not that of the picture that the manifest names")
            return None
        if (when := self._error_pictures.get(sha256)) is not None:
            self._problems.add(file, "", f"is no picture of the page: BackstopJS saves it when {when}")
            return None
        if target in ("full", "viewport") and not task.policy.allow_blank and is_blank(pixels):
            self._problems.add(
                file, "", "is blank: at least 99.99 % of it has one colour, and its task has no allow_blank"
            )
            return None
        height, width = pixels.shape
        return sha256, width, height
