"""When a schedule comes next."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from scene.domain.schedules import ScheduleDraft, next_tick


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def draft(**fields: object) -> ScheduleDraft:
    return ScheduleDraft.model_validate({"name": "n", "batch_id": "b", "cron": "0 6 * * *", **fields})


def test_it_goes_by_the_clock_of_its_time_zone() -> None:
    assert next_tick("0 6 * * *", "Europe/Berlin", at("2026-01-10 12:00")) == at("2026-01-11 05:00")
    assert next_tick("0 6 * * *", "Europe/Berlin", at("2026-07-10 12:00")) == at("2026-07-11 04:00")


def test_an_hour_that_the_clock_skips_is_not_lost() -> None:
    assert next_tick("30 2 * * *", "Europe/Berlin", at("2026-03-28 12:00")) == at("2026-03-29 01:00")


def test_an_hour_that_comes_twice_is_taken_once() -> None:
    first = next_tick("30 2 * * *", "Europe/Berlin", at("2026-10-24 12:00"))
    assert first == at("2026-10-25 00:30")
    assert next_tick("30 2 * * *", "Europe/Berlin", first) == at("2026-10-26 01:30")


def test_switched_off_it_never_comes() -> None:
    assert draft(enabled=False).next_after(at("2026-01-01 00:00")) is None


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"cron": "often"}, "cron"),
        ({"cron": "* * * * * *"}, "cron"),
        ({"cron": "61 * * * *"}, "cron"),
        ({"cron": "0 0 30 2 *"}, "cron"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"purpose": "dry_run"}, "purpose"),
    ],
)
def test_what_never_comes_is_refused_by_name(fields: dict[str, str], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        draft(**fields)
