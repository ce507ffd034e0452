"""Compare what was captured with the baseline."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scene.artifacts.base import ArtifactStore
from scene.domain.baselines import BaselineItem
from scene.domain.model import new_id
from scene.domain.options import ComparisonPolicy
from scene.domain.pictures import Artifact, ArtifactType, Blob, Comparison, Picture, Renderer
from scene.imaging.compare import identical_stats
from scene.imaging.explain import explain
from scene.imaging.png_file import read_png_file
from scene.imaging.pool import ImagingPool

_RENDERER_SENTENCE = "The baseline was captured by another renderer."


@dataclass(frozen=True)
class Observed:
    """A picture taken now, with its file while the attempt lasts."""

    execution_id: str
    attempt: int
    screenshot_id: str
    picture: Picture
    file: Path
    renderer: Renderer


class Comparisons:
    def __init__(self, artifacts: ArtifactStore, imaging: ImagingPool, clock: Callable[[], datetime]) -> None:
        self._artifacts = artifacts
        self._imaging = imaging
        self._clock = clock

    def compare(self, observed: Observed, item: BaselineItem, policy: ComparisonPolicy, folder: Path) -> Comparison:
        """Judge a picture against its baseline item. Pictures with one digest are equal without being decoded.

        Raises StorageError when the baseline's picture is gone, PictureError when a picture cannot be decoded.
        """
        diff = heatmap = None
        if observed.picture.sha256 == item.picture.sha256:
            stats = identical_stats(observed.picture.width, observed.picture.height)
        else:
            folder.mkdir()
            with self._artifacts.local_file(item.picture.sha256) as baseline:
                stats = self._imaging.compare(baseline, observed.file, folder, policy)
            diff = self._drawing(observed, folder / "diff.png", ArtifactType.DIFF)
            heatmap = self._drawing(observed, folder / "heatmap.png", ArtifactType.HEATMAP)
        renderer_differs = observed.renderer != item.renderer
        return Comparison(
            id=new_id(),
            screenshot_id=observed.screenshot_id,
            baseline_item_id=item.id,
            baseline_picture=item.picture,
            policy=policy,
            stats=stats,
            verdict=stats.verdict(policy),
            sentence=f"{explain(stats)} {_RENDERER_SENTENCE}" if renderer_differs else explain(stats),
            renderer_differs=renderer_differs,
            diff=diff,
            heatmap=heatmap,
            created_at=self._clock(),
        )

    def _drawing(self, observed: Observed, path: Path, kind: ArtifactType) -> Artifact | None:
        """Kept as a file of the execution, so that webhooks and lists of files name it too."""
        if not path.exists():
            return None
        drawn = read_png_file(path.read_bytes(), path.name)
        return new_artifact(
            self._artifacts.put_file(path),
            kind,
            path.name,
            "image/png",
            self._clock(),
            drawn.width,
            drawn.height,
            execution_id=observed.execution_id,
            attempt=observed.attempt,
        )


def new_artifact(
    blob: Blob,
    kind: ArtifactType,
    name: str,
    media_type: str,
    at: datetime,
    width: int | None = None,
    height: int | None = None,
    *,
    execution_id: str | None = None,
    attempt: int | None = None,
) -> Artifact:
    """Name a stored blob."""
    return Artifact(
        sha256=blob.sha256,
        size=blob.size,
        id=new_id(),
        execution_id=execution_id,
        attempt=attempt,
        type=kind,
        name=name,
        media_type=media_type,
        width=width,
        height=height,
        created_at=at,
    )
