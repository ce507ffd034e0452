"""Start a run over REST: what may be asked for, and how a mistake is named."""

from typing import Any

import pytest

from scene.bootstrap import Scene
from scene.domain.runs import ConfigurationSnapshot
from tests.support.describe import Story


def refused(story: Story, batch: dict[str, Any], **body: Any) -> str:
    """The field that is named and what is said of it."""
    response = story.client.post("/api/runs", json={"batch_id": batch["id"], "purpose": "comparison", **body})
    assert (response.status_code, response.json()["code"]) == (422, "invalid"), response.text
    return response.json()["detail"]


def frozen(scene: Scene) -> ConfigurationSnapshot:
    """What the execution that may start now uses."""
    [admitted] = scene.store.executions.waiting()
    work = scene.store.executions.start(admitted.execution_id, admitted.attempt, "w", 30)
    assert work is not None
    return work.snapshot


def test_the_same_request_with_the_same_key_makes_one_run(story: Story) -> None:
    body = {"batch_id": story.batch()["id"], "purpose": "comparison"}
    first, again = (story.client.post("/api/runs", json=body, headers={"Idempotency-Key": "build-7"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    made = first.json()
    assert made.pop("warnings") == []
    assert story.get("/api/runs")["items"] == [made]


def test_the_key_still_finds_its_run_when_the_batch_can_run_no_more(story: Story) -> None:
    task = story.task()
    batch = story.batch(task)
    body = {"batch_id": batch["id"], "purpose": "comparison"}
    first = story.client.post("/api/runs", json=body, headers={"Idempotency-Key": "build-8"})
    story.client.patch(f"/api/batches/{batch['id']}", json={"tasks": []})
    again = story.client.post("/api/runs", json=body, headers={"Idempotency-Key": "build-8"})
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


def test_another_request_with_the_same_key_is_a_conflict(story: Story) -> None:
    body = {"batch_id": story.batch()["id"], "purpose": "comparison"}
    headers = {"Idempotency-Key": "build-9"}
    story.client.post("/api/runs", json=body, headers=headers)
    response = story.client.post("/api/runs", json={**body, "note": "other"}, headers=headers)
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_conflict")


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256])
def test_a_key_that_is_none_is_named(story: Story, key: str) -> None:
    body = {"batch_id": story.batch()["id"], "purpose": "comparison"}
    response = story.client.post("/api/runs", json=body, headers={"Idempotency-Key": key})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_a_run_of_some_tasks_executes_only_those(story: Story) -> None:
    tasks = [story.task() for _ in range(3)]
    run = story.run(story.batch(*tasks), task_ids=[tasks[2]["id"], tasks[0]["id"]])
    assert [execution["task_id"] for execution in story.executions(run)] == [tasks[0]["id"], tasks[2]["id"]]
    assert run["task_ids"] == [tasks[2]["id"], tasks[0]["id"]]


def test_a_task_that_the_batch_does_not_execute_is_named(story: Story) -> None:
    inside, outside = story.task(), story.task()
    batch = story.batch(inside)
    assert refused(story, batch, task_ids=[inside["id"], outside["id"]]).startswith("task_ids[1]: is not an enabled")
    assert refused(story, batch, task_ids=[inside["id"], inside["id"]]).startswith("task_ids[1]: names a task a second")
    assert refused(story, batch, task_ids=[]).startswith("task_ids: ")


@pytest.mark.parametrize(
    ("url", "captured"),
    [
        ("/cart?a=b", "https://preview.example/cart?a=b"),
        ("https://shop.example/cart", "https://preview.example/cart"),
        ("https://shop.example:443/cart", "https://preview.example/cart"),
        ("https://other.example/cart", "https://other.example/cart"),
    ],
)
def test_a_run_is_pointed_at_another_deployment(scene: Scene, story: Story, url: str, captured: str) -> None:
    story.client.patch(f"/api/projects/{story.project['id']}", json={"base_url": "https://shop.example"})
    run = story.run(story.batch(story.task(story.page(url))), base_url="https://preview.example")
    assert run["base_url"] == "https://preview.example"
    assert frozen(scene).url == captured


def test_variables_are_filled_in(scene: Scene, story: Story) -> None:
    page = story.page(
        "https://{{host}}:{{port}}/{{path}}", headers={"X-Token": "t-{{token}}"}, preparatory_js="go('{{path}}')"
    )
    given = {"host": "shop.example", "port": "8443", "path": "cart", "token": "{{host}}"}
    story.run(story.batch(story.task(page, task_js="{{path}}.click()")), variables=given)
    snapshot = frozen(scene)
    assert snapshot.url == "https://shop.example:8443/cart"
    assert snapshot.headers == {"X-Token": "t-{{host}}"}, "a value is not looked into again"
    assert (snapshot.preparatory_js, snapshot.task_js) == ("go('cart')", "cart.click()")


@pytest.mark.parametrize("field", ["url", "preparatory_js", "header X-A"])
def test_a_variable_that_is_not_given_is_named_with_its_page(story: Story, field: str) -> None:
    texts = {"url": "/{{token}}", "preparatory_js": "'{{token}}'", "header X-A": {"X-A": "{{token}}"}}
    name = "headers" if field.startswith("header") else field
    page = story.page(**{name: texts[field]})
    said = refused(story, story.batch(story.task(page)), variables={"tokens": "x"})
    assert said == f"variables: gives no 'token', which the {field} of the page {page['name']!r} uses"


def test_a_variable_of_a_task_is_named_with_the_task(story: Story) -> None:
    task = story.task(task_js="{{token}}")
    assert f"the task_js of the task {task['name']!r}" in refused(story, story.batch(task))


@pytest.mark.parametrize("value", ["a b", "\n", "user:secret@host"])
def test_a_variable_that_makes_no_url_is_refused(story: Story, value: str) -> None:
    page = story.page("https://{{host}}/")
    assert refused(story, story.batch(story.task(page)), variables={"host": value}).startswith("variables: make")


@pytest.mark.parametrize("name", ["1a", "", "a-b", "ä", "a" * 101])
def test_a_name_that_is_no_variable_is_refused(story: Story, name: str) -> None:
    assert refused(story, story.batch(), variables={name: "x"}).startswith("variables")
