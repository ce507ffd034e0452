"""Pictures and the files around them: screenshots, comparisons, artifacts."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Literal
from urllib.parse import quote

from pydantic import computed_field

from scene.domain.amounts import count
from scene.domain.comparison import Box, ComparisonStats
from scene.domain.masking import ComparedMask, ResolvedMask
from scene.domain.model import Model
from scene.domain.options import ComparisonPolicy
from scene.domain.renderers import Renderer, RendererDifference
from scene.domain.reviews import Review
from scene.domain.status import Verdict
from scene.domain.verdict import of_moving, worst


class ArtifactType(StrEnum):
    SCREENSHOT = "screenshot"
    DIFF = "diff"
    HEATMAP = "heatmap"
    THUMBNAIL = "thumbnail"
    TRACE = "trace"
    VIDEO = "video"
    HAR = "har"
    CONSOLE = "console"
    NETWORK = "network"
    STEP_LOG = "step_log"
    RUNNER_LOG = "runner_log"
    RESULT = "result"
    STATS = "stats"


class Blob(Model):
    """Bytes in the artifact store, known by their digest."""

    sha256: str
    size: int


class Artifact(Blob):
    """One named file: a stable URL for life."""

    id: str
    execution_id: str | None
    """None for pictures and thumbnails: equal pictures of many executions are one artifact."""
    attempt: int | None
    type: ArtifactType
    name: str
    """File name in the URL, such as ``home-1280x800-diff.png``."""
    media_type: str
    width: int | None = None
    height: int | None = None
    created_at: datetime

    @computed_field  # type: ignore[prop-decorator]
    @property
    def url(self) -> str:
        """Where its bytes are, below Scene's own address."""
        return f"/artifacts/{self.id}/{quote(self.name, safe='')}"


class Picture(Model):
    """A captured PNG, known by the digest of its file; sizes in device pixels. Stored once, however often captured."""

    sha256: str
    width: int
    height: int
    image: Artifact
    thumbnail: Artifact


class ComparisonKind(StrEnum):
    BASELINE = "baseline"
    REFERENCE = "reference"


class Comparison(Model):
    """The record of observed vs. baseline or vs. reference. Comparing again adds one; older ones stay."""

    id: str
    screenshot_id: str
    kind: ComparisonKind
    decides: bool
    """Whether the screenshot's verdict comes from this kind of comparison."""
    baseline_item_id: str | None
    """Null when the comparison is with the reference page."""
    alternative: int | None = None
    """Which of the item's alternatives it is compared with, from 0; null: the item's own picture."""
    against: Picture
    """The baseline's picture, or that of the reference page taken in the same attempt."""
    policy: ComparisonPolicy
    masks: list[ComparedMask]
    """Where each mask of the policy was in both pictures."""
    stats: ComparisonStats
    verdict: Verdict
    sentence: str
    against_renderer: Renderer | None
    """What captured the other picture; null for the reference page, which the same renderer captured."""
    renderer_differences: list[RendererDifference]
    """What differs between the renderers of both pictures: differences of the pictures may come from it alone."""
    against_unstable: bool = False
    """The other picture is of a reference page that never stood still."""
    diff: Artifact | None
    heatmap: Artifact | None
    created_at: datetime

    @computed_field  # type: ignore[prop-decorator]
    @property
    def renderer_differs(self) -> bool:
        return bool(self.renderer_differences)


def judged(comparisons: Iterable[Comparison], unstable: bool) -> Verdict:
    """The verdict of a screenshot that was compared in these ways; unstable: it never stood still."""
    deciding = [comparison for comparison in comparisons if comparison.decides]
    found = worst(comparison.verdict for comparison in deciding) or Verdict.NO_BASELINE
    moving = unstable or any(comparison.against_unstable for comparison in deciding)
    return found if not moving else of_moving(found)


_WITHOUT_COMPARISON = {
    Verdict.MISSING: "The baseline has a picture of it, and it is no longer captured.",
    Verdict.NO_BASELINE: "The baseline has no picture of it.",
}
_STANDINGS = {
    (True, True): "Equals the baseline and the reference page.",
    (True, False): "Equals the baseline but differs from the reference page: that one is ahead, or has drifted.",
    (False, True): "Differs from the baseline but equals the reference page: the baseline is out of date.",
    (False, False): "Differs from the baseline and from the reference page.",
    (None, True): "New to the baseline, and equals the reference page.",
    (None, False): "New to the baseline, and differs from the reference page.",
}
"""Whether it equals the baseline (none: there is no picture), and whether it equals the reference page."""
_ONLY_ON = {
    "page": "The reference page has no such element.",
    "reference": "Only the reference page has this element.",
}


class Screenshot(Model):
    """One captured target of an execution; or, with the verdict ``missing``, one that is no longer captured."""

    id: str
    execution_id: str
    target: str
    picture: Picture | None
    missing_picture: Picture | None
    """In the place of a picture: the baseline's, or with ``only_on`` that of the reference page."""
    renderer: Renderer | None
    masks: list[ResolvedMask]
    """Where the masks of the policy were when the picture was taken."""
    unstable: bool
    """Its frames never agreed: it is never unchanged, and never in a baseline."""
    unstable_area: Box | None
    """The box around what moved, in pixels of the picture."""
    frames: int
    verdict: Verdict | None
    change_fingerprint: str | None
    """Of what changed: equal where the same change was made elsewhere. Null where nothing changed."""
    same_change_count: int
    """How many other screenshots of the run changed in the same way, as far as the run has come."""
    only_on: Literal["page", "reference"] | None
    """Where one of the page and its reference page lacks this element: the one that has it."""
    comparisons: list[Comparison]
    """Newest first."""
    review: Review | None = None
    """The decision that counts now; null where there is nothing to decide."""
    quarantine_id: str | None = None
    """It was in quarantine when it was captured: shown, and counted in no verdict."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def reference_differs(self) -> bool | None:
        """Whether it differs from the reference page, or is only on one of both; null when nothing was compared."""
        if self.only_on is not None:
            return True
        comparison = self.newest(ComparisonKind.REFERENCE)
        return None if comparison is None else comparison.verdict is Verdict.CHANGED

    @computed_field  # type: ignore[prop-decorator]
    @property
    def standing(self) -> str:
        """How it stands to the baseline and to the reference page together; empty where it has not both."""
        baseline, reference = self.newest(ComparisonKind.BASELINE), self.newest(ComparisonKind.REFERENCE)
        if reference is None or (baseline is None and self.verdict is not Verdict.NO_BASELINE):
            return ""
        found = None if baseline is None else baseline.verdict is Verdict.UNCHANGED
        return _STANDINGS[found, reference.verdict is Verdict.UNCHANGED]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def sentence(self) -> str:
        """Why it has its verdict; empty for a recording that stood still."""
        judged = self.deciding.sentence if self.deciding else self.without_comparison
        parts = (self.movement, judged, self.of_one_page if self.deciding else "", self.others)
        return " ".join(part for part in parts if part)

    @property
    def others(self) -> str:
        """How many others of its run changed in the same way, as a sentence; empty when none did."""
        number = self.same_change_count
        return f"The same change as {count(number, 'other')} of this run." if number else ""

    @property
    def without_comparison(self) -> str:
        """Why there is a verdict without a comparison, and what the reference page lacks; empty for a recording."""
        if self.only_on is not None:
            return self.of_one_page
        return _WITHOUT_COMPARISON.get(self.verdict, "") if self.verdict else ""

    @property
    def of_one_page(self) -> str:
        """Which of the page and its reference page lacks it, as a sentence; empty when neither does."""
        return _ONLY_ON[self.only_on] if self.only_on else ""

    @property
    def movement(self) -> str:
        """Where it still moved when its time was over, as a sentence; empty when it stood still."""
        if not self.unstable:
            return ""
        area = self.unstable_area
        where = f": {area.width} x {area.height} px at ({area.x}, {area.y}) still moved" if area else ""
        return f"The page never stood still in {self.frames} frames{where}."

    @property
    def deciding(self) -> Comparison | None:
        """The comparison that the verdict comes from."""
        return next((comparison for comparison in self.comparisons if comparison.decides), None)

    def newest(self, kind: ComparisonKind) -> Comparison | None:
        return next((comparison for comparison in self.comparisons if comparison.kind is kind), None)
