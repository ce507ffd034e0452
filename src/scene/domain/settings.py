"""What an operator can change while Scene runs: one record."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from scene.domain.catalog import AbsoluteUrl
from scene.domain.model import Name
from scene.domain.options import CaptureDefaults
from scene.domain.retries import RETRYABLE, TRANSIENT
from scene.domain.status import Reason
from scene.domain.viewport import Browser, Viewport


def _names_the_issue(template: str) -> str:
    if "{key}" not in template:
        raise ValueError("must contain {key}, where the issue goes")
    return template


JiraUrlTemplate = Annotated[AbsoluteUrl, AfterValidator(_names_the_issue)]


class ViewportPreset(Viewport):
    """A viewport that is offered under a name."""

    name: Name


class Settings(CaptureDefaults):
    """The defaults of captures among them."""

    available_browsers: list[Browser] = Field(default=list(Browser), min_length=1, max_length=3)
    """What tasks may use."""
    viewport_presets: list[ViewportPreset] = Field(
        default=[
            ViewportPreset(name="phone", width=390, height=844, device_scale_factor=3, mobile=True),
            ViewportPreset(name="tablet", width=820, height=1180, device_scale_factor=2, mobile=True),
            ViewportPreset(name="desktop", width=1280, height=800),
        ],
        max_length=100,
    )
    """What the interface offers; a task can have other viewports too."""
    timestamp_display: Literal["utc", "local"] = "local"
    """Times in the interface: in UTC, or as the browser's clock shows them."""
    concurrency: int = Field(default=2, ge=1, le=1_000)
    """Executions at once, over all runs."""
    worker_concurrency: int | None = Field(default=None, ge=1, le=256)
    """Executions at once on each worker, where that is less than its slots; none leaves it to them."""
    run_timeout_seconds: int = Field(default=3_600, ge=1, le=604_800)
    attempts: int = Field(default=3, ge=1, le=10)
    """How often an execution is tried when its attempts fail for one of ``retry_reasons``."""
    retry_reasons: list[Reason] = Field(default=list(TRANSIENT), max_length=20)
    """Why an attempt may have failed and another one follows."""
    retry_backoff_seconds: float = Field(default=2, ge=0, le=3_600, allow_inf_nan=False)
    """The second attempt waits for any time up to this, the third for twice as long at most, and so on."""
    retry_backoff_max_seconds: float = Field(default=60, ge=0, le=86_400, allow_inf_nan=False)
    jira_url_template: JiraUrlTemplate | None = None
    """Such as ``https://jira.example.org/browse/{key}``."""

    @property
    def capture_defaults(self) -> CaptureDefaults:
        return CaptureDefaults.model_validate(self.model_dump(include=set(CaptureDefaults.model_fields)))

    @field_validator("available_browsers")
    @classmethod
    def _browsers_are_distinct(cls, browsers: list[Browser]) -> list[Browser]:
        _refuse_repeated([str(browser) for browser in browsers])
        return browsers

    @field_validator("retry_reasons")
    @classmethod
    def _can_be_retried(cls, reasons: list[Reason]) -> list[Reason]:
        _refuse_repeated([str(reason) for reason in reasons])
        final = [str(reason) for reason in reasons if reason not in RETRYABLE]
        if final:
            raise ValueError(f"{', '.join(final)} cannot be tried again; choose from {', '.join(RETRYABLE)}")
        return reasons

    @field_validator("viewport_presets")
    @classmethod
    def _presets_are_distinct(cls, presets: list[ViewportPreset]) -> list[ViewportPreset]:
        _refuse_repeated([preset.name for preset in presets])
        _refuse_repeated([preset.key for preset in presets])
        return presets


def _refuse_repeated(entries: list[str]) -> None:
    repeated = sorted({entry for entry in entries if entries.count(entry) > 1})
    if repeated:
        raise ValueError(f"has {', '.join(repeated)} more than once")


class SettingsRecord(Settings):
    version: int
    """Counts up with each change: what If-Match is checked against."""
