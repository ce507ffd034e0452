"""How a page is captured, and how two pictures of it are judged."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from scene.domain.browsing import Headers, Locale, Moment, TimeZone, UrlPatterns, UserAgent
from scene.domain.evidence import EvidenceOptions, EvidencePolicy
from scene.domain.masks import Mask
from scene.domain.model import Model, Selector

NavigationTimeout = Annotated[int, Field(ge=100, le=600_000)]
ScriptTimeout = Annotated[int, Field(ge=100, le=600_000)]
ActionTimeout = Annotated[int, Field(ge=100, le=600_000)]
ExecutionTimeout = Annotated[int, Field(ge=1_000, le=3_600_000)]
CaptureWait = Annotated[int, Field(ge=0, le=600_000)]
SettleTimeout = Annotated[int, Field(ge=0, le=600_000)]
NetworkQuiet = Annotated[int, Field(ge=0, le=10_000)]
StableFrames = Annotated[int, Field(ge=1, le=10)]
StabilityTimeout = Annotated[int, Field(ge=0, le=600_000)]
MaxHeight = Annotated[int, Field(ge=100, le=200_000)]
RandomSeed = Annotated[int, Field(ge=0, le=4_294_967_295)]
WaitUntil = Literal["load", "domcontentloaded"]
ColorScheme = Literal["light", "dark"]
ReducedMotion = Literal["no-preference", "reduce"]
ForcedColors = Literal["none", "active"]
Contrast = Literal["no-preference", "more"]
Selectors = Annotated[list[Selector], Field(max_length=100)]
Padding = Annotated[int, Field(ge=0, le=2_000)]


class CaptureDefaults(EvidenceOptions):
    """What tasks use that do not say themselves. Every duration is in milliseconds."""

    navigation_timeout_ms: NavigationTimeout = 30_000
    script_timeout_ms: ScriptTimeout = 10_000
    """For each of the preparatory JS and the task JS."""
    action_timeout_ms: ActionTimeout = 10_000
    """For each declarative action that has no time-out of its own."""
    execution_timeout_ms: ExecutionTimeout = 120_000
    """The deadline of one attempt as a whole: past it the runner is killed."""
    wait_before_capture_ms: CaptureWait = 0


class CaptureOptions(Model):
    """As a task or a project has them. Every duration is in milliseconds.

    Null takes what the project says, then the settings, then the default of FrozenCaptureOptions.
    """

    wait_until: WaitUntil | None = None
    navigation_timeout_ms: NavigationTimeout | None = None
    script_timeout_ms: ScriptTimeout | None = None
    """For each of the preparatory JS and the task JS."""
    action_timeout_ms: ActionTimeout | None = None
    """For each declarative action that has no time-out of its own."""
    execution_timeout_ms: ExecutionTimeout | None = None
    """The deadline of one attempt as a whole: past it the runner is killed."""
    wait_before_capture_ms: CaptureWait | None = None
    """Once the page has come to rest."""
    wait_after_capture_ms: CaptureWait | None = None
    """Once every target is captured: for what a page logs or sends late."""
    settle_timeout_ms: SettleTimeout | None = None
    """Bounds the wait for network quiet, fonts, images and lazy content together."""
    network_quiet_ms: NetworkQuiet | None = None
    """How long no request may be in flight before the page counts as quiet; 0 does not wait."""
    load_lazy: bool | None = None
    """Scroll through the page and back, so that lazy content loads."""
    freeze_animations: bool | None = None
    """Finish or stop CSS and Web animations, and hide the caret."""
    stable_frames: StableFrames | None = None
    """How many consecutive frames must have the same pixels; 1 takes the first."""
    stability_timeout_ms: StabilityTimeout | None = None
    max_height_px: MaxHeight | None = None
    """A taller full page fails with the reason page_too_tall."""
    locale: Locale | None = None
    """Of dates, numbers and the Accept-Language header."""
    timezone_id: TimeZone | None = None
    """Of the page's clock; UTC by default, whatever the machine says."""
    color_scheme: ColorScheme | None = None
    reduced_motion: ReducedMotion | None = None
    forced_colors: ForcedColors | None = None
    contrast: Contrast | None = None
    touch: bool | None = None
    """Whether the device has a touch screen; a mobile viewport has one unless this says otherwise."""
    user_agent: UserAgent | None = None
    extra_headers: Headers | None = None
    """Request headers for the origins of the page's url and reference_url only. Of one name the task's is sent, else
    the page's, else the project's. Values may hold ``{{name}}``, which the variables of a run fill in."""
    blocked_urls: UrlPatterns | None = None
    """Requests for these are blocked, which is no failure: they are counted and named on the execution."""
    fixed_time: Moment | None = None
    """What the page's clock shows, for ever; timers and animations go on. Workers keep the real time."""
    random_seed: RandomSeed | None = None
    """Makes Math.random and crypto.getRandomValues give the same numbers each time, in every frame; not in workers."""
    hide: Selectors | None = None
    """Made invisible, after the actions and again before each frame; their place stays empty."""
    remove: Selectors | None = None
    """Taken out of the layout, after the actions and again before each frame."""
    omit_background: bool | None = None
    """Leave transparent what the page does not paint itself. Pictures are compared as they look on white."""
    element_padding_px: Padding | None = None
    """CSS pixels captured around each element target that does not say itself, as far as the page reaches."""
    trace: EvidencePolicy | None = None
    """Playwright's trace, with snapshots of the document and without pictures."""
    video: EvidencePolicy | None = None
    """With ``on_change`` a second capture is recorded, whose pictures count for nothing."""
    har: EvidencePolicy | None = None
    """Every request with its headers and times, without bodies."""
    console: EvidencePolicy | None = None
    network: EvidencePolicy | None = None
    """One line for each request: when, what, its status and how long it took."""

    def with_defaults(self, project: "CaptureOptions", settings: CaptureDefaults) -> "FrozenCaptureOptions":
        taken = settings.model_dump() | project.model_dump(exclude_none=True) | self.model_dump(exclude_none=True)
        taken.pop("extra_headers", None)  # they are frozen with the page's
        return FrozenCaptureOptions.model_validate(taken)


class FrozenCaptureOptions(CaptureDefaults):
    """As a run has them: nothing is left to the machine that captures. Null is what the browser itself does."""

    wait_until: WaitUntil = "load"
    wait_after_capture_ms: CaptureWait = 0
    settle_timeout_ms: SettleTimeout = 10_000
    network_quiet_ms: NetworkQuiet = 100
    load_lazy: bool = True
    freeze_animations: bool = True
    stable_frames: StableFrames = 2
    stability_timeout_ms: StabilityTimeout = 5_000
    max_height_px: MaxHeight = 100_000
    locale: Locale = "en-US"
    timezone_id: TimeZone = "UTC"
    color_scheme: ColorScheme = "light"
    reduced_motion: ReducedMotion = "no-preference"
    forced_colors: ForcedColors = "none"
    contrast: Contrast = "no-preference"
    touch: bool | None = None
    """None is what the viewport says: a mobile one has a touch screen."""
    user_agent: UserAgent | None = None
    blocked_urls: UrlPatterns = Field(default=[])
    fixed_time: Moment | None = None
    random_seed: RandomSeed | None = None
    hide: Selectors = Field(default=[])
    remove: Selectors = Field(default=[])
    omit_background: bool = False
    element_padding_px: Padding = 0

    def special(self) -> dict[str, str]:
        """The options that are not the defaults, with their values as text."""
        default, own = FrozenCaptureOptions().model_dump(mode="json"), self.model_dump(mode="json")
        return {name: _said(value) for name, value in own.items() if value != default[name]}


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class CompareWith(StrEnum):
    """What a task's pictures are compared with."""

    BASELINE = "baseline"
    REFERENCE = "reference"
    BOTH = "both"


class ComparisonPolicy(Model):
    """A picture is changed when any limit that is set is exceeded."""

    pixel_tolerance: float = Field(default=0.1, ge=0, le=1, allow_inf_nan=False)
    """Colour distance that still counts as equal, from 0 (exact) to 1 (anything), as in pixelmatch."""
    ignore_antialiasing: bool = True
    jitter_tolerance: int = Field(default=0, ge=0, le=3)
    """Pixels by which details may sit elsewhere without counting: a changed pixel is forgiven when its colour lies
    within those of the other picture up to so far away, both ways. It forgives noise of rendering, and also what is
    that small: an element moved by so much, a thin line, an edited letter. 0, the default, forgives nothing."""
    max_changed_pixels: int = Field(default=0, ge=0, le=2_000_000_000)
    max_changed_ratio: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)
    align: bool = True
    """Align vertical shifts first, so that an inserted band counts as itself."""
    masks: list[Mask] = Field(default=[], max_length=100)
    """Areas that are ignored: they are in the pictures, and do not count."""
    shift: Literal["change", "ignore"] = "change"
    """What inserted and removed rows are: a change, or nothing as long as they are no more than max_shift_rows. Either
    way they are said and shown, and what differs beside them is judged by the other limits."""
    max_shift_rows: Annotated[int, Field(ge=1, le=200_000)] | None = Field(default=None, validate_default=True)
    """With ``ignore``: how many rows may be inserted and removed together. One more, and all of them are a change."""
    allow_blank: bool = False
    """Accept a full page or viewport of which at least 99.99 % has one colour."""

    @field_validator("max_shift_rows")
    @classmethod
    def _rows_are_of_an_ignored_shift(cls, rows: int | None, info: ValidationInfo) -> int | None:
        shift = info.data.get("shift")
        if shift == "ignore" and rows is None:
            raise ValueError("shift is ignore: say up to how many rows")
        if shift == "change" and rows is not None:
            raise ValueError("is given with the shift ignore, and only then")
        return rows

    @model_validator(mode="after")
    def _masks_are_distinct(self) -> Self:
        twice = [number for number, mask in enumerate(self.masks) if mask in self.masks[:number]]
        if twice:
            raise ValueError(f"masks[{twice[0]}] is there twice")
        return self
