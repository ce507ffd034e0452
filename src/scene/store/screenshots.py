"""The promise of a store for screenshots and their pictures."""

from typing import Protocol

from scene.domain.filters import ScreenshotFilter
from scene.domain.pictures import Picture, Screenshot
from scene.store.values import Slice, SliceRequest


class Screenshots(Protocol):
    def of(self, execution_ids: list[str]) -> dict[str, list[Screenshot]]:
        """The screenshots of each execution, in the order of its targets, with their comparisons."""
        ...

    def get(self, screenshot_id: str) -> Screenshot: ...

    def of_run(self, run_id: str, request: SliceRequest, only: ScreenshotFilter) -> Slice[Screenshot]:
        """Newest first."""
        ...

    def picture(self, sha256: str) -> Picture | None:
        """The picture with this digest, if it was captured before."""
        ...
