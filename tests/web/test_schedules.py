"""Schedules, as a person and a program describe them."""

from typing import Any

import pytest

from tests.support.describe import Story


@pytest.fixture
def schedule(story: Story) -> dict[str, Any]:
    body = {"name": "Every hour", "batch_id": story.batch(name="Smoke")["id"], "cron": "0 * * * *"}
    return story.post(f"/api/projects/{story.project['id']}/schedules", **body)


def test_what_is_wrong_is_told_by_field(story: Story) -> None:
    body = {"name": "n", "batch_id": story.batch()["id"], "cron": "0 25 * * *", "time_zone": "Nowhere"}
    answer = story.client.post(f"/api/projects/{story.project['id']}/schedules", json=body)
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"cron", "time_zone"}


def test_the_tab_shows_what_runs_when(story: Story, schedule: dict[str, Any]) -> None:
    tab = story.client.get(f"/projects/{story.project['id']}/schedules").text
    assert "Every hour" in tab
    assert "compares Smoke" in tab
    assert "0 * * * *" in tab


def test_an_empty_tab_says_what_to_do_next(story: Story) -> None:
    assert "Create the first schedule" in story.client.get(f"/projects/{story.project['id']}/schedules").text


def test_its_form_switches_it_off(story: Story, schedule: dict[str, Any]) -> None:
    own = f"/schedules/{schedule['id']}"
    form = story.client.get(f"{own}/edit").text
    assert 'value="0 * * * *"' in form
    assert '<option value="comparison" selected>Compare with a baseline</option>' in form
    fields = {"name": "Off", "batch_id": schedule["batch_id"], "cron": "0 * * * *", "enabled": "false", "version": "1"}
    assert story.client.post(own, data=fields).status_code == 204
    changed = story.get(f"/api{own}")
    assert (changed["name"], changed["next_at"], changed["version"]) == ("Off", None, 2)


def test_a_wrong_expression_stays_in_the_form_with_what_is_wrong(story: Story, schedule: dict[str, Any]) -> None:
    fields = {"name": "n", "batch_id": schedule["batch_id"], "cron": "every day", "version": "1"}
    answer = story.client.post(f"/schedules/{schedule['id']}", data=fields)
    assert answer.status_code == 422
    assert 'value="every day"' in answer.text
    assert "must be five fields" in answer.text
