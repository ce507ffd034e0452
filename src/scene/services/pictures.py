"""Keep captured pictures: each once, with a small version for lists."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from scene.artifacts.base import ArtifactStore
from scene.domain.pictures import ArtifactType, Picture
from scene.imaging.pool import ImagingPool
from scene.services.comparisons import new_artifact
from scene.store.base import Store
from scene_runner.protocol import Capture


class Pictures:
    def __init__(
        self, store: Store, artifacts: ArtifactStore, imaging: ImagingPool, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._artifacts = artifacts
        self._imaging = imaging
        self._clock = clock

    def keep(self, capture: Capture, folder: Path) -> Picture:
        """Store a captured file, and its small version unless a picture with its digest is known already.

        Raises StorageError when the file is not what the runner stated, or the store does not take it.
        """
        file = folder / capture.file
        known = self._store.screenshots.picture(capture.sha256)
        if known is not None:
            # Costs little when the blob is there, mends it when it is gone, and keeps the sweep away either way.
            self._artifacts.put_file(file, expected_sha256=capture.sha256)
            return known
        small = folder / f"{capture.file}.thumbnail.webp"
        width, height = self._imaging.thumbnail(file, small)
        at = self._clock()
        image = self._artifacts.put_file(file, expected_sha256=capture.sha256)
        return Picture(
            sha256=capture.sha256,
            width=capture.width,
            height=capture.height,
            image=new_artifact(
                image, ArtifactType.SCREENSHOT, "screenshot.png", "image/png", at, capture.width, capture.height
            ),
            thumbnail=new_artifact(
                self._artifacts.put_file(small),
                ArtifactType.THUMBNAIL,
                "thumbnail.webp",
                "image/webp",
                at,
                width,
                height,
            ),
        )
