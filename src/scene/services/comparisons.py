"""Compare what was captured with the baseline, and with the reference page."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from scene.artifacts.base import ArtifactStore
from scene.domain.masking import MaskedPicture, ResolvedMask, compared_masks, said_of_masks
from scene.domain.model import new_id
from scene.domain.options import ComparisonPolicy
from scene.domain.pictures import Artifact, ArtifactType, Blob, Comparison, ComparisonKind, Picture
from scene.domain.renderers import Renderer, RendererDifference, differences
from scene.imaging.compare import identical_stats
from scene.imaging.explain import explain
from scene.imaging.png_file import read_png_file
from scene.imaging.pool import ImagingPool
from scene.telemetry.metrics import COMPARISONS

_AN_ALTERNATIVE = "It is one of the alternatives that were accepted beside the baseline's picture."
_UNSTABLE_SENTENCE = "The reference page never stood still."


@dataclass(frozen=True)
class Observed:
    """A picture taken now, with its file while the attempt lasts."""

    execution_id: str
    attempt: int
    screenshot_id: str
    picture: Picture
    file: Path
    renderer: Renderer
    masks: list[ResolvedMask] = field(default_factory=list)


@dataclass(frozen=True)
class Against:
    """What a picture is compared with."""

    kind: ComparisonKind
    picture: Picture
    renderer: Renderer
    decides: bool
    """Whether the verdict comes from this comparison."""
    baseline_item_id: str | None = None
    masks: list[ResolvedMask] = field(default_factory=list)
    unstable: bool = False
    """Whether it still moved when it was taken."""
    alternative: int | None = None
    """Which of the baseline item's alternatives it is, from 0."""

    @property
    def name(self) -> str:
        """For sentences."""
        return "baseline" if self.kind is ComparisonKind.BASELINE else "reference"

    @property
    def prefix(self) -> str:
        """Of the names of files."""
        return "" if self.kind is ComparisonKind.BASELINE else f"{self.kind}-"


class Comparisons:
    def __init__(self, artifacts: ArtifactStore, imaging: ImagingPool, clock: Callable[[], datetime]) -> None:
        self._artifacts = artifacts
        self._imaging = imaging
        self._clock = clock

    def compare(
        self, observed: Observed, against: Against, policy: ComparisonPolicy, other: Path | None = None
    ) -> Comparison:
        """Judge a picture. Pictures with one digest are equal without being decoded.

        other: the file of the picture that it is compared with, where it is here and not only in the artifact store.
        Raises NotFound or StorageError when that picture is gone, PictureError when a picture cannot be decoded.
        """
        diff = heatmap = None
        masks, unknown = compared_masks(policy.masks, _masked(against), _masked(observed))
        if observed.picture.sha256 == against.picture.sha256:
            stats = identical_stats(observed.picture.width, observed.picture.height, masks)
        else:
            folder = comparison_folder(observed.file, against.kind)
            folder.mkdir()
            with nullcontext(other) if other else self._artifacts.local_file(against.picture.sha256) as file:
                stats = self._imaging.compare(file, observed.file, folder, policy, masks)
            diff = self._drawing(observed, folder / "diff.png", ArtifactType.DIFF, against.prefix)
            heatmap = self._drawing(observed, folder / "heatmap.png", ArtifactType.HEATMAP, against.prefix)
        verdict = stats.verdict(policy)
        COMPARISONS.labels(against.kind, verdict).inc()
        renderers = differences(against.renderer, observed.renderer)
        return Comparison(
            id=new_id(),
            screenshot_id=observed.screenshot_id,
            kind=against.kind,
            decides=against.decides,
            baseline_item_id=against.baseline_item_id,
            alternative=against.alternative,
            against=against.picture,
            policy=policy,
            masks=masks,
            stats=stats,
            verdict=verdict,
            sentence=" ".join(
                [
                    explain(stats, policy),
                    *([_AN_ALTERNATIVE] if against.alternative is not None else []),
                    *said_of_masks(masks, unknown, against.name),
                    *([_of_renderers(renderers)] if renderers else []),
                    *([_UNSTABLE_SENTENCE] if against.unstable else []),
                ]
            ),
            against_renderer=against.renderer if against.kind is ComparisonKind.BASELINE else None,
            renderer_differences=renderers,
            against_unstable=against.unstable,
            diff=diff,
            heatmap=heatmap,
            created_at=self._clock(),
        )

    def _drawing(self, observed: Observed, path: Path, kind: ArtifactType, prefix: str) -> Artifact | None:
        """Kept as a file of the execution, so that webhooks and lists of files name it too."""
        if not path.exists():
            return None
        drawn = read_png_file(path.read_bytes(), path.name)
        return new_artifact(
            self._artifacts.put_file(path),
            kind,
            f"{prefix}{path.name}",
            "image/png",
            self._clock(),
            drawn.width,
            drawn.height,
            execution_id=observed.execution_id,
            attempt=observed.attempt,
        )


def _masked(side: Observed | Against) -> MaskedPicture:
    return MaskedPicture(side.picture.width, side.picture.height, side.renderer.device_scale_factor, side.masks)


def _of_renderers(found: list[RendererDifference]) -> str:
    told = ", ".join(str(difference) for difference in found)
    return f"Another renderer captured the baseline: {told}."


def comparison_folder(picture: Path, kind: ComparisonKind) -> Path:
    """Where the files of a captured picture's comparison are while its attempt lasts."""
    return picture.with_name(f"{picture.name}.{kind}")


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
