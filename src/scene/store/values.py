"""What the verbs of a store take and give, beside the entities themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, NamedTuple, TypeVar

from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.comparison import Box
from scene.domain.importing import PicturePlace
from scene.domain.masking import ResolvedMask
from scene.domain.pictures import Artifact, Comparison, Picture
from scene.domain.promotion import ChangeKind, ItemChange
from scene.domain.renderers import Renderer
from scene.domain.runs import AttemptStep, ConfigurationSnapshot, Execution, Intervention, Run
from scene.domain.status import Reason, Status, Verdict

T = TypeVar("T")

MAX_SLICE = 100


@dataclass(frozen=True)
class Slice(Generic[T]):
    """One page of a list."""

    items: list[T]
    next_cursor: str | None
    """Asks for the rest; none at the end."""


@dataclass(frozen=True)
class SliceRequest:
    limit: int = 50
    """1 to 100."""
    cursor: str | None = None
    """``next_cursor`` of the slice before. A cursor that no slice gave raises Invalid, naming ``cursor``."""


@dataclass(frozen=True)
class BaselineDifferences:
    """In what one baseline differs from another of its batch."""

    before: Baseline
    after: Baseline
    numbers: Mapping[ChangeKind, int]
    """Of all differences; without kinds that do not occur."""
    kept: int
    """Pictures that are the same in both."""
    changes: Slice[ItemChange]


@dataclass(frozen=True)
class Admitted:
    """An attempt that may start now: it deserves a job."""

    execution_id: str
    attempt: int
    browser: str
    priority: int
    label: str | None = None
    """Which workers are wanted: those that have it among their labels."""


class CreatedRun(NamedTuple):
    run: Run
    admitted: list[Admitted]
    is_new: bool
    """False when an earlier request with the same key made the run: nothing was changed."""


@dataclass(frozen=True)
class IdempotencyKey:
    """What the same request is known by, however often it is sent."""

    key: str
    request_digest: str


@dataclass(frozen=True)
class Work:
    """What the worker that started an attempt needs to know."""

    run: Run
    execution: Execution
    snapshot: ConfigurationSnapshot
    baseline_items: list[BaselineItem]
    """Of this task, browser and viewport in the run's baseline; empty for a recording."""
    retried_for: frozenset[Reason] = frozenset()
    """For which reasons another attempt follows when this one fails."""


@dataclass(frozen=True)
class Held:
    """What a worker has in hand, as (execution, attempt)."""

    wanted: set[tuple[str, int]]
    """What is still its own; the runners of everything else are to be killed."""
    ending: set[tuple[str, int]]
    """What of that is to be asked to end."""


@dataclass(frozen=True)
class CapturedScreenshot:
    """A screenshot as its attempt hands it over. Ids are given by the caller."""

    id: str
    target: str
    picture: Picture | None
    """None with the verdict ``missing``."""
    renderer: Renderer | None
    verdict: Verdict | None
    unstable: bool = False
    unstable_area: Box | None = None
    frames: int = 0
    only_on: Literal["page", "reference"] | None = None
    masks: list[ResolvedMask] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    missing_picture: Picture | None = None
    """With the verdict ``missing``: the baseline's."""


@dataclass(frozen=True)
class AttemptOutcome:
    """How an attempt ended, with everything it produced."""

    status: Status
    """finished or failed."""
    reason: Reason | None = None
    message: str = ""
    exit_code: int | None = None
    duration_ms: float = 0
    steps: list[AttemptStep] = field(default_factory=list)
    interventions: list[Intervention] = field(default_factory=list)
    timings_ms: dict[str, float] = field(default_factory=dict)
    unloaded: list[str] = field(default_factory=list)
    screenshots: list[CapturedScreenshot] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)
    """Files of the attempt itself; those of pictures and comparisons come with them."""


@dataclass(frozen=True)
class ImportedItem:
    """A picture that somebody brought, and what it is of."""

    place: PicturePlace
    file: str
    picture: Picture
    renderer: Renderer
    masks: list[ResolvedMask]
    snapshot: ConfigurationSnapshot
    """What its task uses at this moment."""
    alternatives: list[tuple[Picture, Renderer, list[ResolvedMask]]] = field(default_factory=list)


@dataclass(frozen=True)
class JudgedAgain:
    """A screenshot with its verdict after comparing again."""

    screenshot_id: str
    verdict: Verdict | None
    comparisons: list[Comparison]
    """Those that were added; none where there was nothing to compare with."""
    files: list[Artifact] = field(default_factory=list)
    """Beside those of the comparisons."""
    only_on: Literal["page", "reference"] | None = None
