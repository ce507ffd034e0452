"""The configuration dialog: the same guards as over REST, said beside the fields; nothing typed is lost."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.describe import Story
from tests.web.test_forms import beside, value_of

URL = "/configuration"
PRESET = {"name": "VGA", "width": "640", "height": "480"}


def save(client: TestClient, *presets: dict[str, str], **fields: str) -> Any:
    data = {f"available_browsers[{number}]": name for number, name in enumerate(("chromium", "firefox", "webkit"))}
    data |= {f"viewport_presets[{row}].{key}": value for row, each in enumerate(presets) for key, value in each.items()}
    data |= {name: value for name, value in fields.items() if name != "without"}
    return client.post(URL, data={name: value for name, value in data.items() if value != fields.get("without")})


def settings(client: TestClient) -> Any:
    return client.get("/api/settings").json()


def test_the_dialog_shows_what_is_set(client: TestClient) -> None:
    client.patch("/api/settings", json={"concurrency": 7, "timestamp_display": "utc"})
    form = client.get(f"{URL}/edit").text
    assert (value_of(form, "version"), value_of(form, "concurrency")) == ("2", "7")
    assert value_of(form, "viewport_presets[0].name") == "phone"
    assert '<option value="utc" selected>' in form


def test_the_dialog_says_where_executions_run(client: TestClient) -> None:
    assert "Executions on this server: launcher process (as is set);" in client.get(f"{URL}/edit").text


def test_the_settings_are_saved_and_it_is_said(client: TestClient) -> None:
    jira = "https://jira.example/browse/{key}"
    response = save(client, PRESET, version="1", concurrency="5", jira_url_template=jira, timestamp_display="utc")
    assert response.status_code == 204
    told = json.loads(response.headers["HX-Trigger"])
    assert told["scene:toast"] == {"message": "The configuration was saved.", "level": "success"}
    assert told["scene:times"] == {"display": "utc"}
    now = settings(client)
    assert (now["concurrency"], now["jira_url_template"], now["timestamp_display"]) == (5, jira, "utc")
    assert [preset["name"] for preset in now["viewport_presets"]] == ["VGA"]


def test_what_is_emptied_takes_its_default(client: TestClient) -> None:
    client.patch("/api/settings", json={"attempts": 9, "jira_url_template": "https://jira.example/{key}"})
    assert save(client, attempts="", jira_url_template="").status_code == 204
    assert (settings(client)["attempts"], settings(client)["jira_url_template"]) == (3, None)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"concurrency": "0"}, "must be 1 or more"),
        ({"attempts": "many"}, "a whole number"),
        ({"run_timeout_seconds": "604801"}, "must be 604,800 or less"),
        ({"navigation_timeout_ms": "99"}, "must be 100 or more"),
        ({"wait_before_capture_ms": "-1"}, "must be 0 or more"),
        ({"jira_url_template": "https://jira.example/browse"}, "must contain {key}"),
        ({"video": "sometimes"}, "never"),
        ({"viewport_presets[0].width": "15", "viewport_presets[0].name": "S"}, "must be 16 or more"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    client: TestClient, fields: dict[str, str], says: str
) -> None:
    path, typed = next(iter(fields.items()))
    response = save(client, script_timeout_ms="4321", **fields)
    assert response.status_code == 422
    assert says in beside(response.text, path)
    assert path == "video" or value_of(response.text, path) == typed
    assert value_of(response.text, "script_timeout_ms") == "4321"
    assert settings(client)["version"] == 1


def test_without_a_browser_nothing_could_run(client: TestClient) -> None:
    response = client.post(URL, data={"concurrency": "3"})
    assert "at least 1 item" in beside(response.text, "available_browsers")


def test_two_presets_of_one_name_are_refused_beside_the_presets(client: TestClient) -> None:
    response = save(client, PRESET, PRESET | {"width": "800"})
    assert "has VGA more than once" in beside(response.text, "viewport_presets")


def test_what_a_task_uses_stays_and_the_task_is_named_beside_the_field(story: Story) -> None:
    assert save(story.client, PRESET).status_code == 204
    story.task(name="Small task", browsers=["chromium", "firefox"])
    response = save(story.client, without="firefox")
    assert response.status_code == 422
    assert "Small task" in beside(response.text, "available_browsers")
    assert "VGA (640x480@1) is used by the tasks" in beside(response.text, "viewport_presets")
    assert settings(story.client)["available_browsers"] == ["chromium", "firefox", "webkit"]


def test_who_saves_second_is_told_and_loses_nothing(client: TestClient) -> None:
    client.patch("/api/settings", json={"attempts": 4})
    refused = save(client, version="1", attempts="5")
    assert refused.status_code == 422
    assert "Somebody else saved this" in refused.text
    assert value_of(refused.text, "attempts") == "5"
    assert settings(client)["attempts"] == 4
    assert save(client, version=value_of(refused.text, "version"), attempts="5").status_code == 204
    assert settings(client)["attempts"] == 5


def test_a_page_says_how_times_are_shown(client: TestClient) -> None:
    assert 'data-times="local"' in client.get("/projects").text
    client.patch("/api/settings", json={"timestamp_display": "utc"})
    assert 'data-times="utc"' in client.get("/projects").text
