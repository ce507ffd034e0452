"""When a batch runs by itself: a cron expression in a time zone."""

from datetime import UTC, datetime
from typing import Annotated, Self
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, StringConstraints, model_validator

from scene.domain.catalog import Stamped
from scene.domain.model import STORABLE, Model, Name
from scene.domain.runs import Id, Line
from scene.domain.status import PURPOSES_OF_A_BATCH, Purpose


def next_tick(cron: str, time_zone: str, after: datetime) -> datetime | None:
    """The first moment after another one, in UTC; none when there is none within fifty years.

    Where clocks are put forward, what falls into the gap comes after it; where they are put back, a fixed hour comes
    once (Debian's cron, as cronsim has it). Raises CronSimError for what is no expression.
    """
    try:
        return next(CronSim(cron, after.astimezone(ZoneInfo(time_zone)))).astimezone(UTC)
    except StopIteration:
        return None


def _is_cron(cron: str) -> str:
    words = cron.split()
    if len(words) != 5:
        raise ValueError("must be five fields: minute, hour, day of month, month, day of week, such as 0 6 * * 1-5")
    try:
        comes = next_tick(cron, "UTC", datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise ValueError(f"is not a cron expression: {error}") from None
    if comes is None:
        raise ValueError("never comes: there is no such day")
    return " ".join(words)


def _is_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a time zone such as UTC or Europe/Berlin")
    return name


Cron = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), STORABLE, AfterValidator(_is_cron)]
TimeZone = Annotated[str, StringConstraints(max_length=100), STORABLE, AfterValidator(_is_time_zone)]


class ScheduleDraft(Model):
    name: Name
    batch_id: Id
    """A batch of the project."""
    cron: Cron
    """Minute, hour, day of month, month, day of week: ``0 6 * * 1-5`` is six o'clock from Monday to Friday."""
    time_zone: TimeZone = "UTC"
    """Whose clock the expression goes by, such as Europe/Berlin."""
    purpose: Purpose = Purpose.COMPARISON
    line: Line = "main"
    enabled: bool = True

    @model_validator(mode="after")
    def _is_of_a_batch(self) -> Self:
        if self.purpose not in PURPOSES_OF_A_BATCH:
            raise ValueError("purpose must be comparison or baseline_recording")
        return self

    def next_after(self, moment: datetime) -> datetime | None:
        """When it comes next; none while it is switched off."""
        return next_tick(self.cron, self.time_zone, moment) if self.enabled else None


class Schedule(Stamped, ScheduleDraft):
    project_id: str
    next_at: datetime | None
    """When it comes next; null while it is switched off."""
    last_at: datetime | None
    """The tick that was last acted on."""
    last_run_id: str | None
    """The run that it started last, unless that was deleted."""
    last_problem: str
    """Why the last tick started no run, as a sentence; empty when it did."""
