"""Actions are checked when they are saved, and what is wrong is named with its place."""

from typing import Any

import pytest

from tests.support.describe import Story
from tests.support.site import Site

CLICK = {"type": "click", "selector": "#a"}


@pytest.mark.parametrize(
    ("actions", "field"),
    [
        ([CLICK, {"type": "click"}], "[1].selector"),
        ([{"type": "click", "selector": " "}], "[0].selector"),
        ([{"type": "jump"}], "[0]"),
        ([{"selector": "#a"}], "[0]"),
        ([{"type": "wait", "ms": -1}], "[0].ms"),
        ([{"type": "wait", "ms": 1, "selector": "#a"}], "[0].selector"),
        ([CLICK | {"timeout_ms": 1}], "[0].timeout_ms"),
        ([{"type": "wait_for_selector", "selector": "#a", "state": "gone"}], "[0].state"),
        ([{"type": "set_attribute", "selector": "#a", "name": "a b"}], "[0].name"),
        ([{"type": "select_option", "selector": "#a", "values": []}], "[0].values"),
        ([CLICK] * 201, ""),
    ],
)
@pytest.mark.parametrize("noun", ["pages", "tasks"])
def test_a_wrong_action_is_named_with_its_place(
    story: Story, noun: str, actions: list[dict[str, Any]], field: str
) -> None:
    name = "preparatory_actions" if noun == "pages" else "task_actions"
    body: dict[str, Any] = (
        {"name": "It", "url": "/"} if noun == "pages" else {"name": "It", "page_id": story.page()["id"]}
    )
    if noun == "tasks":
        body["viewports"] = [{"width": 100, "height": 100}]
    response = story.client.post(f"/api/projects/{story.project['id']}/{noun}", json=body | {name: actions})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [f"{name}{field}"]


def test_actions_are_kept_as_they_were_given(story: Story) -> None:
    given = [
        CLICK | {"if_selector": "#b", "timeout_ms": 500},
        {"type": "select_option", "selector": "a", "values": ["b"]},
    ]
    page = story.page(preparatory_actions=given)
    kept = story.get(f"/api/pages/{page['id']}")["preparatory_actions"]
    assert [{name: each[name] for name in want} for each, want in zip(kept, given, strict=True)] == given
    changed = story.client.patch(f"/api/pages/{page['id']}", json={"preparatory_actions": [{"type": "clik"}]})
    assert [error["field"] for error in changed.json()["errors"]] == ["preparatory_actions[0]"]


@pytest.mark.live
def test_actions_are_carried_out_with_the_variables_of_the_run(story: Story, site: Site) -> None:
    site.pages["/"] = "<!doctype html><input id=who><h1>Hello</h1>"
    fill = {"type": "fill", "selector": "#who", "value": "{{who}} and {{who}}"}
    check = "if (who.value !== 'Ann and Ann') throw new Error(who.value)"
    batch = story.batch(story.task(story.page(preparatory_actions=[fill]), task_js=check))
    run = story.compare(batch, variables={"who": "Ann"})
    assert run["status"] == "finished"
    (execution,) = story.executions(run)
    steps = story.get(f"/api/executions/{execution['id']}")["attempts"][0]["steps"]
    assert "preparatory_actions[0] fill" in [step["name"] for step in steps]
    refused = story.client.post("/api/runs", json={"batch_id": batch["id"], "purpose": "comparison"})
    assert refused.status_code == 422
    assert "preparatory_actions[0] of the page" in refused.text


@pytest.mark.live
def test_an_action_that_fails_names_itself_and_shows_the_page(story: Story, site: Site) -> None:
    site.pages["/"] = "<!doctype html><h1>Hello</h1>"
    actions = [{"type": "click", "selector": "h1"}, {"type": "click", "selector": "#gone", "timeout_ms": 300}]
    run = story.record(story.batch(story.task(task_actions=actions), story.task()))
    failed, other = story.executions(run)
    assert (failed["status"], failed["reason"], other["status"]) == ("failed", "selector", "finished")
    assert failed["message"] == "task_actions[1] click: no element matched #gone within 0.3 s."
    files = story.get(f"/api/executions/{failed['id']}")["artifacts"]
    assert "failure.png" in [file["name"] for file in files]
