"""Between Scene's words and the runner's: a job for what is to be captured, and what its ending means."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from scene.domain.actions import AnyAction
from scene.domain.comparison import Box
from scene.domain.evidence import EvidenceOptions
from scene.domain.masking import ResolvedMask
from scene.domain.masks import Mask
from scene.domain.options import FrozenCaptureOptions
from scene.domain.renderers import Renderer
from scene.domain.runs import AttemptStep, ConfigurationSnapshot, Intervention
from scene.domain.status import Purpose, Reason
from scene.domain.target import Target
from scene.launch.base import Ending, OnEvent, Outcome
from scene.services import evidence
from scene.store.values import CapturedScreenshot, Work
from scene_runner.protocol import (
    Action,
    Capture,
    CaptureJob,
    CaptureResult,
    Dismissal,
    Json,
    MaskJob,
    TargetJob,
)
from scene_runner.protocol import Renderer as RunnerRenderer
from scene_runner.redact import Redactor, tells_a_secret

_REASONS = {
    Ending.CRASH: Reason.CRASH,
    Ending.OUT_OF_MEMORY: Reason.OUT_OF_MEMORY,
    Ending.DEADLINE: Reason.TIMEOUT,
    Ending.UNAVAILABLE: Reason.BROWSER_UNAVAILABLE,
    Ending.ENGINE_GONE: Reason.ENGINE_UNAVAILABLE,
}


_NOT_OF_THE_JOB = {"action_timeout_ms", "element_padding_px", *EvidenceOptions.model_fields}
_OF_EVERY_ACTION = {"type", "timeout_ms", "if_selector"}


def capture_job(work: Work, folder: Path) -> CaptureJob:
    """The job document of an attempt, with the baseline's digests: an equal first frame is stable by definition."""
    snapshot, viewport = work.snapshot, work.execution.viewport
    digests = {item.target: item.picture.sha256 for item in work.baseline_items}
    return CaptureJob(
        id=f"{work.execution.id}:{work.execution.attempt}",
        output_dir=str(folder),
        group=work.run.id,
        url=snapshot.url,
        reference_url=None if work.run.purpose is Purpose.BASELINE_RECORDING else snapshot.reference_url,
        targets=[
            TargetJob(
                key=target.stem,
                kind=target.kind,
                selector=target.selector,
                match=target.match,
                expected_count=target.expected_count,
                padding_px=_padding(target, snapshot.capture),
                known=digests,
            )
            for target in snapshot.targets
        ],
        viewport_width=viewport.width,
        viewport_height=viewport.height,
        device_scale_factor=viewport.device_scale_factor,
        mobile=viewport.mobile,
        headers=snapshot.headers,
        expected_status=snapshot.expected_status,
        ignore_https_errors=snapshot.ignore_https_errors,
        preparatory_actions=_actions(snapshot.preparatory_actions, snapshot.capture.action_timeout_ms),
        preparatory_js=snapshot.preparatory_js,
        task_actions=_actions(snapshot.task_actions, snapshot.capture.action_timeout_ms),
        task_js=snapshot.task_js,
        allow_blank=snapshot.policy.allow_blank,
        dismissals=[Dismissal(each.selector, each.action) for each in snapshot.dismissals.selectors],
        blocked_hosts=snapshot.dismissals.blocked_hosts,
        denied_hosts=snapshot.denied_hosts,
        allowed_hosts=_allowed_hosts(snapshot),
        masks=[_mask(mask) for mask in snapshot.policy.masks],
        secrets=_secrets(work),
        **evidence.asked(work),
        **snapshot.capture.model_dump(mode="json", exclude=_NOT_OF_THE_JOB),
    )


def _secrets(work: Work) -> list[str]:
    """What no log may show, besides the headers: the runner knows those. By convention, a variable's name says it."""
    return [value for name, value in work.run.variables.items() if tells_a_secret(name)]


def _allowed_hosts(snapshot: ConfigurationSnapshot) -> list[str]:
    """A page's own hosts are always among them, so that a run can be pointed at any deployment."""
    if not snapshot.allowed_hosts:
        return []
    own = [urlsplit(url).hostname or "" for url in (snapshot.url, snapshot.reference_url) if url is not None]
    return [*snapshot.allowed_hosts, *own]


def _actions(actions: Sequence[AnyAction], timeout_ms: int) -> list[Action]:
    return [
        Action(
            type=action.type,
            timeout_ms=action.timeout_ms or timeout_ms,
            if_selector=action.if_selector,
            arguments=action.model_dump(exclude=_OF_EVERY_ACTION),
        )
        for action in actions
    ]


def _padding(target: Target, options: FrozenCaptureOptions) -> int:
    return options.element_padding_px if target.padding_px is None else target.padding_px


def _mask(mask: Mask) -> MaskJob:
    return MaskJob(selector=mask.selector, **(mask.rectangle.model_dump() if mask.rectangle else {}))


def failure(outcome: Outcome) -> tuple[Reason, str] | None:
    """Why an attempt failed, with a sentence; none when its result can be compared."""
    if outcome.ending is not Ending.RESULT or outcome.result is None:
        return _REASONS.get(outcome.ending, Reason.INTERNAL), outcome.message
    if outcome.result.status == "finished":
        return None
    try:
        reason = Reason(outcome.result.reason or "")
    except ValueError:
        reason = Reason.INTERNAL
    return reason, outcome.result.message


class StepLog:
    """Hears what a runner tells while it works: also that of one that is killed."""

    def __init__(self, also: OnEvent) -> None:
        self.steps: list[AttemptStep] = []
        self._also = also

    def __call__(self, event: Json) -> None:
        if event.get("event") == "step":
            self.steps.append(AttemptStep.model_validate(event["step"]))
        self._also(event)


def covered(outcome: Outcome, job: CaptureJob) -> Outcome:
    """Without the job's secrets in the log: what a runner writes there, it writes before anybody looks."""
    return replace(outcome, log=Redactor(job.secrets, job.headers).text(outcome.log)) if outcome.log else outcome


def unstable(work: Work, screenshots: Iterable[CapturedScreenshot]) -> tuple[Reason, str] | None:
    """Why an attempt fails in spite of its pictures: another one may find the page at rest, and a moment of something
    that moves is no baseline."""
    moving = [shot.target for shot in screenshots if shot.unstable]
    recording = work.run.purpose is Purpose.BASELINE_RECORDING
    if not moving or not (recording or Reason.UNSTABLE in work.retried_for):
        return None
    if not recording:
        return Reason.UNSTABLE, f"{', '.join(moving)} never stood still."
    return Reason.UNSTABLE, (
        f"{', '.join(moving)} never stood still, and a moment of what moves is no baseline. Hide or mask what moves, "
        "or set the capture option stable_frames to 1, which takes the page as it is."
    )


def steps(result: CaptureResult | None) -> list[AttemptStep]:
    return [AttemptStep.model_validate(step, from_attributes=True) for step in result.steps] if result else []


def interventions(result: CaptureResult | None) -> list[Intervention]:
    stated = result.interventions if result else []
    return [Intervention.model_validate(each, from_attributes=True) for each in stated]


def resolved_masks(masks: Sequence[Mask], capture: Capture) -> list[ResolvedMask]:
    """Where the masks of a policy were in a picture."""
    return [
        ResolvedMask(mask=mask, areas=[Box.model_validate(area, from_attributes=True) for area in areas])
        for mask, areas in zip(masks, capture.masks, strict=True)
    ]


def renderer(stated: RunnerRenderer) -> Renderer:
    return Renderer.model_validate(stated, from_attributes=True)
