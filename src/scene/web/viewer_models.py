"""What the viewer of pictures is given: one entry for each screenshot, and what stands beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import TypeAdapter

from scene.domain.amounts import count, percent
from scene.domain.comparison import Box, ComparisonStats, ShiftBand
from scene.domain.masking import ResolvedMask
from scene.domain.pictures import Artifact, Comparison, ComparisonKind, Picture, Screenshot
from scene.domain.runs import Execution
from scene.web.baseline_reasons import Why

_TARGETS = {"full": "Full page", "viewport": "Viewport"}
_LABELS = {ComparisonKind.BASELINE: "Baseline", ComparisonKind.REFERENCE: "Reference"}
_REGIONS = 100
"""So many of a comparison's regions, the largest, can be walked through."""


def target_words(target: str) -> str:
    return _TARGETS.get(target, target)


def walked(stats: ComparisonStats) -> list[Box]:
    """The regions that a reader goes through, from top to bottom, in pixels of the observed picture."""
    regions = sorted(stats.regions[:_REGIONS], key=lambda region: (region.y, region.x))
    return [Box(x=each.x, y=each.y, width=each.width, height=each.height) for each in regions]


@dataclass(frozen=True)
class Drawn:
    """A picture as an image element needs it; sizes in device pixels."""

    url: str
    width: int
    height: int

    @classmethod
    def of(cls, artifact: Artifact | None) -> "Drawn | None":
        if artifact is None or artifact.width is None or artifact.height is None:
            return None
        return cls(artifact.url, artifact.width, artifact.height)

    @classmethod
    def of_picture(cls, picture: Picture | None) -> "Drawn | None":
        return cls.of(picture.image) if picture else None


@dataclass(frozen=True)
class Against:
    """One of the pictures that the observed one was compared with, and what was found."""

    kind: ComparisonKind
    label: str
    picture: Drawn | None
    diff: Drawn | None = None
    heatmap: Drawn | None = None
    regions: list[Box] = field(default_factory=list)
    bands: list[ShiftBand] = field(default_factory=list)
    masked: list[Box] = field(default_factory=list)
    """What is ignored of this picture."""
    masked_observed: list[Box] = field(default_factory=list)
    tolerance: float | None = None
    """None where nothing was compared."""

    @classmethod
    def before(cls, picture: Drawn) -> "Against":
        """What another baseline has in the same place; nothing was computed."""
        return cls(ComparisonKind.BASELINE, "Before", picture)

    @classmethod
    def of(cls, comparison: Comparison) -> "Against":
        stats = comparison.stats
        return cls(
            kind=comparison.kind,
            label=_LABELS[comparison.kind],
            picture=Drawn.of_picture(comparison.against),
            diff=Drawn.of(comparison.diff),
            heatmap=Drawn.of(comparison.heatmap),
            regions=walked(stats),
            bands=stats.shift_bands,
            masked=[area for mask in comparison.masks for area in mask.baseline],
            masked_observed=[area for mask in comparison.masks for area in mask.observed],
            tolerance=comparison.policy.pixel_tolerance,
        )


@dataclass(frozen=True)
class Shown:
    """One screenshot as the viewer's script reads it."""

    id: str
    execution: str
    target: str
    name: str
    observed: Drawn | None
    against: list[Against]
    """The comparison that decides the verdict comes first."""
    masked: list[Box]
    """As it was captured: for a picture that was not compared."""
    moving: Box | None
    scale: float
    """Device pixels for one CSS pixel."""
    observed_label: str = "Observed"

    @classmethod
    def of(cls, execution: Execution, shot: Screenshot) -> "Shown":
        newest = [shot.newest(kind) for kind in ComparisonKind]
        compared = sorted((each for each in newest if each is not None), key=lambda each: not each.decides)
        against = [Against.of(comparison) for comparison in compared]
        if shot.missing_picture is not None:
            kind = ComparisonKind.REFERENCE if shot.only_on == "reference" else ComparisonKind.BASELINE
            against.insert(0, Against(kind, _LABELS[kind], Drawn.of_picture(shot.missing_picture)))
        return cls(
            id=shot.id,
            execution=execution.id,
            target=shot.target,
            name=execution.task_name,
            observed=Drawn.of_picture(shot.picture),
            against=against,
            masked=[area for mask in shot.masks for area in mask.areas],
            moving=shot.unstable_area,
            scale=execution.viewport.device_scale_factor,
        )


_SHOWN = TypeAdapter(list[Shown])


@dataclass(frozen=True)
class MaskRow:
    """One mask of a picture."""

    name: str
    found: str

    @classmethod
    def of(cls, resolved: ResolvedMask) -> "MaskRow":
        box = resolved.mask.rectangle
        rectangle = f"{box.width} x {box.height} px at ({box.x}, {box.y})" if box else ""
        found = count(len(resolved.areas), "area") if resolved.areas else "nothing matched"
        return cls(resolved.mask.selector or rectangle, found)


@dataclass(frozen=True)
class Viewed:
    """One screenshot with its execution: what the page says of it."""

    execution: Execution
    shot: Screenshot
    recorded: bool = False
    """It was not to be compared with anything."""
    why: Why | None = None
    notes = "viewer/_notes.html"

    @property
    def shown(self) -> Shown:
        return Shown.of(self.execution, self.shot)

    @property
    def baseline(self) -> Comparison | None:
        return self.shot.newest(ComparisonKind.BASELINE)

    @property
    def reference(self) -> Comparison | None:
        return self.shot.newest(ComparisonKind.REFERENCE)

    @property
    def masks(self) -> list[MaskRow]:
        """Those that the picture was captured with."""
        return [MaskRow.of(resolved) for resolved in self.shot.masks]

    def earlier(self, newest: Comparison | None) -> list[Comparison]:
        """Of the same kind: what was found before it was compared again; newest first."""
        return [each for each in self.shot.comparisons if newest and each.kind is newest.kind and each.id != newest.id]

    @property
    def target(self) -> str:
        return target_words(self.shot.target)

    @property
    def label(self) -> str:
        """Tells it from the others of a run in a list to choose from. A phone has no room for the end of it."""
        execution = self.execution
        viewport = execution.viewport.name or execution.viewport.key
        parts = [execution.task_name]
        if self.shot.verdict is not None:
            decided = self.shot.deciding if self.shot.verdict == "changed" else None
            share = f" {percent(decided.stats.percent_changed)}" if decided else ""
            parts.append(self.shot.verdict.replace("_", " ") + share)
        parts += [viewport, execution.browser]
        if self.shot.target != "full":
            parts.append(self.target)
        return " · ".join(parts)


class InViewer(Protocol):
    """One picture of the viewer."""

    notes: str
    """Template of what is said of it, as ``each``."""

    @property
    def shown(self) -> Shown: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class ViewerView:
    """The viewer, on whatever page it is."""

    pictures: Sequence[InViewer]
    previous_url: str | None = None
    """Where the pictures before the first are."""
    next_url: str | None = None
    first: int = 1
    """The number of the first among all that there are."""
    preloaded: list[str] = field(default_factory=list)
    """Addresses of pictures that are likely to be looked at after these."""
    run_id: str | None = None
    """The run that they were captured in."""
    of_run: bool = False
    """Whether the pictures are of many executions: the address says of which then."""
    of_baselines: bool = False
    """Whether they are of two baselines: there is nothing to mask or to decide then."""

    @property
    def known(self) -> str:
        """How many there are, as far as this page knows."""
        return f"{self.first + len(self.pictures) - 1}{'+' if self.next_url else ''}"

    @property
    def json(self) -> str:
        return _SHOWN.dump_json([each.shown for each in self.pictures]).decode()


def picture_urls(screenshots: Iterable[Screenshot]) -> list[str]:
    """Of the pictures that are seen first: the observed one and what it was compared with."""
    pictures = [
        picture
        for shot in screenshots
        for picture in (shot.picture, shot.deciding.against if shot.deciding else shot.missing_picture)
    ]
    return [picture.image.url for picture in pictures if picture]
