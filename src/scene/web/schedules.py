"""The forms of a schedule."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import available_timezones

from fastapi import APIRouter

from scene.bootstrap import Services
from scene.domain.catalog import Batch
from scene.domain.records import Actor
from scene.domain.schedules import Schedule, ScheduleDraft
from scene.domain.status import Purpose
from scene.web.choices import all_of
from scene.web.editing import Noun, add_forms

router = APIRouter(include_in_schema=False)

_PURPOSES: Final = [
    (Purpose.COMPARISON.value, "Compare with a baseline"),
    (Purpose.BASELINE_RECORDING.value, "Record a baseline"),
]


@dataclass(frozen=True)
class _Choices:
    batches: list[Batch]
    """All of the project, by name."""
    purposes: list[tuple[str, str]]
    time_zones: list[str]


def _choices(services: Services, project_id: str, _: object) -> _Choices:
    return _Choices(all_of(services, services.batches, project_id), _PURPOSES, sorted(available_timezones()))


def _create(services: Services, project_id: str, draft: ScheduleDraft, by: Actor) -> Schedule:
    return services.schedules.create(project_id, draft, by)


add_forms(
    router,
    Noun[Schedule](
        word="schedule",
        plural="schedules",
        draft_type=ScheduleDraft,
        service=lambda services: services.schedules,
        create=_create,
        goes_with_it=lambda *_: "The runs that it started stay, and so does its batch.",
        fields=frozenset(ScheduleDraft.model_fields),
        project_of=lambda schedule: schedule.project_id,
        choices=_choices,
        start={"time_zone": "UTC", "cron": "0 6 * * 1-5", "line": "main", "enabled": True},
    ),
    created_below="/projects/{project_id}/schedules",
)
