"""Try another tolerance on two pictures that were compared: what would differ then. Nothing is kept."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from scene.artifacts.base import ArtifactStore
from scene.domain.comparison import ComparisonStats
from scene.domain.options import ComparisonPolicy
from scene.domain.pictures import Comparison, ComparisonKind
from scene.domain.status import Verdict
from scene.errors import NotFound, StorageError
from scene.imaging.compare import identical_stats
from scene.imaging.explain import explain
from scene.imaging.pool import ImagingPool
from scene.store.base import Store


@dataclass(frozen=True)
class Trial:
    """What a comparison would have found."""

    policy: ComparisonPolicy
    stats: ComparisonStats
    diff: bytes | None
    """PNG; none where both pictures are one."""

    @property
    def verdict(self) -> Verdict:
        return self.stats.verdict(self.policy)

    @property
    def sentence(self) -> str:
        return explain(self.stats, self.policy)


class Trying:
    def __init__(self, store: Store, artifacts: ArtifactStore, imaging: ImagingPool, *, work_dir: Path) -> None:
        self._store = store
        self._artifacts = artifacts
        self._imaging = imaging
        self._work_dir = work_dir

    def compare(self, screenshot_id: str, kind: ComparisonKind, pixel_tolerance: float) -> Trial:
        """The newest comparison of that kind, with another tolerance; masks and the other limits are as in it.

        Raises NotFound when there is none or a picture is gone, StorageError, PictureError.
        """
        screenshot = self._store.screenshots.get(screenshot_id)
        compared = screenshot.newest(kind)
        if compared is None or screenshot.picture is None:
            raise NotFound(f"The screenshot {screenshot_id!r} was not compared with a {kind}.")
        policy = compared.policy.model_copy(update={"pixel_tolerance": pixel_tolerance})
        if screenshot.picture.sha256 == compared.against.sha256:
            picture = screenshot.picture
            return Trial(policy, identical_stats(picture.width, picture.height, compared.masks), None)
        return self._compare(screenshot.picture.sha256, compared, policy)

    def _compare(self, observed_sha256: str, compared: Comparison, policy: ComparisonPolicy) -> Trial:
        try:
            self._work_dir.mkdir(parents=True, exist_ok=True)
            folder = tempfile.TemporaryDirectory(prefix="trial-", dir=self._work_dir)
        except OSError as error:
            raise StorageError(f"No folder for the files of a comparison: {error.strerror}.") from error
        with (
            folder as name,
            self._artifacts.local_file(compared.against.sha256) as baseline,
            self._artifacts.local_file(observed_sha256) as observed,
        ):
            stats = self._imaging.compare(baseline, observed, Path(name), policy, compared.masks)
            drawn = Path(name, "diff.png")
            return Trial(policy, stats, drawn.read_bytes() if drawn.exists() else None)
