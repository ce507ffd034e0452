"""The editor of actions: rows and JSON hold the same, and what is wrong stands beside the very field."""

import json
import re
from html import unescape
from typing import Any

import pytest

from scene.domain.catalog import PageDraft
from scene.web.action_kinds import action_kinds
from scene.web.action_rows import read_actions, rows_of, write_actions
from tests.support.describe import Story
from tests.web.test_forms import beside, value_of

ONE_OF_EACH: list[dict[str, Any]] = [
    {"type": "click", "selector": "#menu", "timeout_ms": 500, "if_selector": ".banner"},
    {"type": "fill", "selector": "#name", "value": "two\nlines"},
    {"type": "fill", "selector": "#name", "value": ""},
    {"type": "press", "key": "Enter"},
    {"type": "select_option", "selector": "select", "values": ["Red", "", "Blue"]},
    {"type": "set_attribute", "selector": "video", "name": "hidden"},
    {"type": "scroll_to", "y": 400},
    {"type": "wait", "ms": 0},
    {"type": "wait_for_selector", "selector": ".spinner", "state": "hidden"},
    {"type": "wait_for_load_state", "state": "networkidle"},
    {"type": "wait_for_console", "text": "ready"},
    {"type": "evaluate", "script": "await 1;\nreturn 2"},
    {"type": "goto", "url": "/next"},
    {"type": "disable_animations"},
    {"type": "accept_dialogs", "prompt_text": "yes"},
]


def test_the_editor_has_every_type_of_the_domain_and_its_fields() -> None:
    assert {action["type"] for action in ONE_OF_EACH} >= {kind.types[0] for kind in action_kinds()}
    kinds = {type_: kind for kind in action_kinds() for type_ in kind.types}
    wait, fill, evaluate = kinds["wait"], kinds["type"], kinds["evaluate"]
    (ms,) = wait.fields
    assert (ms.look, ms.required, ms.minimum, ms.maximum) == ("number", True, 0, 600_000)
    assert [(field.name, field.look) for field in fill.fields] == [("selector", "line"), ("value", "text")]
    assert evaluate.fields[0].look == "code"
    assert [field.name for field in fill.options] == ["timeout_ms", "if_selector"]


def test_rows_and_json_hold_the_same() -> None:
    document = PageDraft.model_validate({"name": "Front", "url": "/", "preparatory_actions": ONE_OF_EACH}).model_dump(
        mode="json"
    )
    write_actions(document, "preparatory_actions")
    assert isinstance(document["preparatory_actions"], list)
    read_actions(document, "preparatory_actions")
    assert document["preparatory_actions"] == ONE_OF_EACH


@pytest.mark.parametrize(
    "actions",
    [
        [{"type": "fly"}],
        [{"type": "click", "selector": "a", "colour": "red"}],
        [{"type": "set_attribute", "selector": "a", "name": "open", "value": ""}],
        [{"type": "fill", "selector": "a", "value": "two\r\nlines"}],
        [{"type": "wait", "ms": "5"}],
        [{"type": "select_option", "selector": "a", "values": ["two\nlines", 3]}],
        [{"type": "fill", "selector": "a", "value": "\ud800"}],
        ["click"],
        {"type": "click"},
    ],
)
def test_what_rows_cannot_hold_stays_json(actions: Any) -> None:
    assert rows_of(actions) is None


def test_the_editor_is_switched_without_loss(story: Story) -> None:
    given = {"task_actions[0].type": "wait", "task_actions[0].ms": "soon"}
    as_json = story.client.post("/forms/task_actions/json", data=given)
    text = unescape(re.search(r"<textarea[^>]*>([^<]*)<", as_json.text)[1])  # type: ignore[index]
    assert json.loads(text) == [{"type": "wait", "ms": "soon"}]
    as_rows = story.client.post("/forms/task_actions/rows", data={"task_actions": text})
    assert value_of(as_rows.text, "task_actions[0].ms") == "soon"
    refused = story.client.post("/forms/task_actions/rows", data={"task_actions": '[{"type": "fly"}]'})
    assert refused.status_code == 422
    assert "rows cannot show" in beside(refused.text, "task_actions")
    assert "fly" in refused.text
    broken = story.client.post("/forms/task_actions/rows", data={"task_actions": "[{"})
    assert "line 1" in beside(broken.text, "task_actions")


def test_what_is_wrong_with_an_action_stands_beside_its_field(story: Story) -> None:
    task = story.task()
    data = {
        "name": task["name"],
        "page_id": task["page_id"],
        "browsers[0]": "chromium",
        "viewports[0].width": "640",
        "viewports[0].height": "480",
        "targets[0].kind": "full",
        "task_actions[2].type": "click",
        "task_actions[2].selector": "#more",
        "task_actions[7].type": "wait",
        "task_actions[7].ms": "-1",
        "task_actions[9].type": "fill",
        "task_actions[9].value": "text",
    }
    refused = story.client.post(f"/tasks/{task['id']}", data=data)
    assert refused.status_code == 422
    assert "0 or more" in beside(refused.text, "task_actions[1].ms")
    assert "This is needed." in beside(refused.text, "task_actions[2].selector")
    assert value_of(refused.text, "task_actions[0].selector") == "#more"
    right = data | {"task_actions[7].ms": "10", "task_actions[9].selector": "input"}
    assert story.client.post(f"/tasks/{task['id']}", data=right).status_code == 204
    saved = story.get(f"/api/tasks/{task['id']}")["task_actions"]
    assert [action["type"] for action in saved] == ["click", "wait", "fill"]
    assert (saved[1]["ms"], saved[2]["value"]) == (10, "text")


@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 5_000, '[{"type": "fill", "value": "\\ud800"}]', "null", "NaN"])
@pytest.mark.parametrize("view", ["rows", "json"])
def test_no_json_breaks_the_editor(story: Story, text: str, view: str) -> None:
    answer = story.client.post(f"/forms/task_actions/{view}", data={"task_actions": text})
    assert answer.status_code in (200, 422)
    assert text[:40] in unescape(answer.text)
