"""From what a runner captured to screenshots with their comparisons and verdicts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scene.domain.baselines import BaselineItem
from scene.domain.comparison import Box
from scene.domain.masking import ResolvedMask
from scene.domain.model import new_id
from scene.domain.options import CompareWith
from scene.domain.pictures import Comparison, ComparisonKind, Picture, judged
from scene.domain.renderers import Renderer
from scene.domain.status import Purpose, Verdict
from scene.errors import StorageError
from scene.services import capturing
from scene.services.comparisons import Against, Comparisons, Observed
from scene.services.pictures import Pictures
from scene.services.stopwatch import Stopwatch
from scene.store.values import CapturedScreenshot, Work
from scene.telemetry.metrics import PICTURES
from scene_runner.protocol import Capture, CaptureResult


@dataclass(frozen=True)
class _Attempt:
    """What the screenshots of one attempt have in common."""

    work: Work
    folder: Path
    renderer: Renderer
    watch: Stopwatch
    reference: dict[str, Capture]
    """By target."""
    items: dict[str, BaselineItem]
    """By target: what the baseline has, where the task compares with it."""

    def masks(self, capture: Capture) -> list[ResolvedMask]:
        return capturing.resolved_masks(self.work.snapshot.policy.masks, capture)

    @property
    def has_reference(self) -> bool:
        """Whether the reference page was captured too."""
        recording = self.work.run.purpose is Purpose.BASELINE_RECORDING
        return self.work.snapshot.reference_url is not None and not recording

    @property
    def decided_by_reference(self) -> bool:
        return self.work.snapshot.compare_with is CompareWith.REFERENCE


class Judging:
    def __init__(self, comparisons: Comparisons, pictures: Pictures) -> None:
        self._comparisons = comparisons
        self._pictures = pictures

    def judge(self, work: Work, result: CaptureResult, folder: Path, watch: Stopwatch) -> list[CapturedScreenshot]:
        """Keep the captured pictures in the folder, and compare them. Target after target, then what is missing.

        Raises NotFound, StorageError or PictureError.
        """
        if result.renderer is None:
            raise StorageError("The runner's result does not say which renderer made its pictures.")
        items = [] if work.snapshot.compare_with is CompareWith.REFERENCE else work.baseline_items
        attempt = _Attempt(
            work,
            folder,
            capturing.renderer(result.renderer),
            watch,
            reference={capture.target: capture for capture in result.reference_captures},
            items={item.target: item for item in items},
        )
        PICTURES.labels(work.execution.browser).inc(len(result.captures) + len(result.reference_captures))
        captured = [self._screenshot(attempt, capture) for capture in result.captures]
        return captured + self._gone(attempt, {capture.target for capture in result.captures})

    def _gone(self, attempt: _Attempt, captured: set[str]) -> list[CapturedScreenshot]:
        """What the baseline has and the page no longer; then what only the reference page has."""
        missing = [
            _missing(item.target, item.picture, Verdict.MISSING, only_on=None)
            for item in attempt.items.values()
            if item.target not in captured
        ]
        verdict = Verdict.MISSING if attempt.decided_by_reference else None
        only_on_reference = [
            _missing(target, self._keep(attempt, capture, None), verdict, only_on="reference")
            for target, capture in attempt.reference.items()
            if target not in captured and target not in attempt.items
        ]
        return missing + only_on_reference

    def _screenshot(self, attempt: _Attempt, capture: Capture) -> CapturedScreenshot:
        item, reference = attempt.items.get(capture.target), attempt.reference.get(capture.target)
        picture = self._keep(attempt, capture, item.picture if item else None)
        execution = attempt.work.execution
        observed = Observed(
            execution.id,
            execution.attempt,
            new_id(),
            picture,
            attempt.folder / capture.file,
            attempt.renderer,
            attempt.masks(capture),
        )
        comparisons = []
        if item is not None:
            comparisons.append(self._with_baseline(attempt, observed, item))
        if reference is not None:
            comparisons.append(self._with_reference(attempt, observed, reference))
        area = capture.unstable_area
        return CapturedScreenshot(
            id=observed.screenshot_id,
            target=capture.target,
            picture=picture,
            renderer=attempt.renderer,
            masks=observed.masks,
            verdict=_verdict(attempt, comparisons, capture),
            unstable=capture.unstable,
            unstable_area=Box(x=area.x, y=area.y, width=area.width, height=area.height) if area else None,
            frames=capture.frames,
            only_on="page" if attempt.has_reference and reference is None else None,
            comparisons=comparisons,
        )

    def _with_baseline(self, attempt: _Attempt, observed: Observed, item: BaselineItem) -> Comparison:
        digest = observed.picture.sha256
        # A further picture that was accepted is recognised by its digest: nothing else is as certain.
        number = next((index for index, each in enumerate(item.alternatives) if each.picture.sha256 == digest), None)
        right = item if number is None or digest == item.picture.sha256 else item.alternatives[number]
        against = Against(
            ComparisonKind.BASELINE,
            right.picture,
            right.renderer,
            decides=True,
            baseline_item_id=item.id,
            masks=right.masks,
            alternative=None if right is item else number,
        )
        comparison = self._comparisons.compare(observed, against, attempt.work.snapshot.policy)
        attempt.watch.lap("compare")
        return comparison

    def _with_reference(self, attempt: _Attempt, observed: Observed, capture: Capture) -> Comparison:
        picture = self._keep(attempt, capture, observed.picture)
        against = Against(
            ComparisonKind.REFERENCE,
            picture,
            attempt.renderer,
            decides=attempt.decided_by_reference,
            masks=attempt.masks(capture),
            unstable=capture.unstable,
        )
        file = attempt.folder / capture.file
        comparison = self._comparisons.compare(observed, against, attempt.work.snapshot.policy, file)
        attempt.watch.lap("compare")
        return comparison

    def _keep(self, attempt: _Attempt, capture: Capture, expected: Picture | None) -> Picture:
        """A picture that is as expected is stored already."""
        if expected is not None and expected.sha256 == capture.sha256:
            return expected
        picture = self._pictures.keep(capture, attempt.folder)
        attempt.watch.lap("keep")
        return picture


def _missing(
    target: str, picture: Picture, verdict: Verdict | None, only_on: Literal["reference"] | None
) -> CapturedScreenshot:
    return CapturedScreenshot(
        id=new_id(),
        target=target,
        picture=None,
        renderer=None,
        verdict=verdict,
        missing_picture=picture,
        only_on=only_on,
    )


def _verdict(attempt: _Attempt, comparisons: list[Comparison], capture: Capture) -> Verdict | None:
    recording = attempt.work.run.purpose is Purpose.BASELINE_RECORDING
    return None if recording else judged(comparisons, capture.unstable)
