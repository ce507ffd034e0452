"""How a page is captured, and how two pictures of it are judged."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from scene.domain.model import Model

NavigationTimeout = Annotated[int, Field(ge=100, le=600_000)]
ScriptTimeout = Annotated[int, Field(ge=100, le=600_000)]
ActionTimeout = Annotated[int, Field(ge=100, le=600_000)]
ExecutionTimeout = Annotated[int, Field(ge=1_000, le=3_600_000)]
CaptureWait = Annotated[int, Field(ge=0, le=600_000)]


class CaptureDefaults(Model):
    """What tasks use that do not say themselves. Every duration is in milliseconds."""

    navigation_timeout_ms: NavigationTimeout = 30_000
    script_timeout_ms: ScriptTimeout = 10_000
    """For each of the preparatory JS and the task JS."""
    action_timeout_ms: ActionTimeout = 10_000
    """For each declarative action that has no time-out of its own."""
    execution_timeout_ms: ExecutionTimeout = 120_000
    """The deadline of one attempt as a whole: past it the runner is killed."""
    wait_before_capture_ms: CaptureWait = 0


class _Stabilising(Model):
    """Every duration is in milliseconds."""

    wait_until: Literal["load", "domcontentloaded"] = "load"
    settle_timeout_ms: int = Field(default=10_000, ge=0, le=600_000)
    """Bounds the wait for network quiet, fonts, images and lazy content together."""
    network_quiet_ms: int = Field(default=100, ge=0, le=10_000)
    """How long no request may be in flight before the page counts as quiet; 0 does not wait."""
    load_lazy: bool = True
    """Scroll through the page and back, so that lazy content loads."""
    freeze_animations: bool = True
    """Finish or stop CSS and Web animations, and hide the caret."""
    stable_frames: int = Field(default=2, ge=1, le=10)
    """How many consecutive frames must have the same pixels; 1 takes the first."""
    stability_timeout_ms: int = Field(default=5_000, ge=0, le=600_000)
    max_height_px: int = Field(default=100_000, ge=100, le=200_000)
    """A taller full page fails with the reason page_too_tall."""


class CaptureOptions(_Stabilising):
    """As a task has them. Every duration is in milliseconds; null takes what the settings say when a run is made."""

    navigation_timeout_ms: NavigationTimeout | None = None
    script_timeout_ms: ScriptTimeout | None = None
    action_timeout_ms: ActionTimeout | None = None
    execution_timeout_ms: ExecutionTimeout | None = None
    wait_before_capture_ms: CaptureWait | None = None

    def with_defaults(self, defaults: CaptureDefaults) -> "FrozenCaptureOptions":
        given = self.model_dump(exclude_none=True)
        taken = {name: getattr(defaults, name) for name in CaptureDefaults.model_fields}
        return FrozenCaptureOptions.model_validate(taken | given)


class FrozenCaptureOptions(_Stabilising, CaptureDefaults):
    """As a run has them: nothing is left open."""


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
    allow_blank: bool = False
    """Accept a full page or viewport of one colour."""
