"""Projects, pages, tasks and batches over REST."""

import pytest
from fastapi.testclient import TestClient

from tests.support.describe import Story


def test_a_project_is_created_read_changed_and_deleted(client: TestClient) -> None:
    made = client.post("/api/projects", json={"name": "Shop", "slug": "shop"})
    assert made.status_code == 201
    url = f"/api/projects/{made.json()['id']}"
    assert client.get(url).json() == made.json()
    assert client.patch(url, json={"name": "New shop"}).json()["name"] == "New shop"
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404


def test_a_duplicate_slug_is_refused_by_name(client: TestClient) -> None:
    client.post("/api/projects", json={"name": "Shop", "slug": "shop"})
    response = client.post("/api/projects", json={"name": "Other", "slug": "shop"})
    assert response.status_code == 409
    assert response.json()["code"] == "already_exists"
    assert response.json()["errors"][0]["field"] == "slug"


def test_a_duplicate_name_is_refused_within_a_project(story: Story) -> None:
    story.page(name="Home")
    response = story.client.post(f"/api/projects/{story.project['id']}/pages", json={"name": "Home", "url": "/"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (409, "name")


def test_every_wrong_field_is_named(story: Story) -> None:
    body = {"name": "", "page_id": "x", "browsers": ["netscape"], "viewports": [{"width": 1, "height": 800}]}
    response = story.client.post(f"/api/projects/{story.project['id']}/tasks", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert {error["field"] for error in response.json()["errors"]} == {"name", "browsers[0]", "viewports[0].width"}


def test_a_task_of_a_page_that_does_not_exist_is_refused(story: Story) -> None:
    body = {"name": "T", "page_id": "nothing", "viewports": [{"width": 640, "height": 480}]}
    response = story.client.post(f"/api/projects/{story.project['id']}/tasks", json=body)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "page_id")


def test_a_batch_of_a_task_that_does_not_exist_names_its_position(story: Story) -> None:
    body = {"name": "B", "tasks": [{"task_id": story.task()["id"]}, {"task_id": "nothing"}]}
    response = story.client.post(f"/api/projects/{story.project['id']}/batches", json=body)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "tasks[1].task_id")


def test_a_change_is_validated_as_a_whole(story: Story) -> None:
    url = f"/api/tasks/{story.task()['id']}"
    response = story.client.patch(url, json={"viewports": []})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "viewports")
    assert story.client.patch(url, json={"colour": "red"}).json()["errors"][0]["field"] == "colour"
    assert story.client.patch(url, json=[1]).status_code == 422


def test_who_saves_second_is_told(story: Story) -> None:
    page = story.page()
    url = f"/api/pages/{page['id']}"
    etag = story.client.get(url).headers["etag"]
    assert story.client.patch(url, json={"name": "First"}, headers={"If-Match": etag}).status_code == 200
    late = story.client.patch(url, json={"name": "Second"}, headers={"If-Match": etag})
    assert (late.status_code, late.json()["code"]) == (412, "version_conflict")
    assert story.get(url)["name"] == "First"


def test_an_etag_that_scene_never_gave_is_refused(story: Story) -> None:
    response = story.client.patch(f"/api/pages/{story.page()['id']}", json={"name": "X"}, headers={"If-Match": "W/abc"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "If-Match")


def test_a_page_that_a_task_uses_is_not_deleted(story: Story) -> None:
    page = story.page()
    task = story.task(page, name="Uses the page")
    response = story.client.delete(f"/api/pages/{page['id']}")
    assert (response.status_code, response.json()["code"]) == (409, "in_use")
    assert "Uses the page" in response.json()["detail"]
    story.client.delete(f"/api/tasks/{task['id']}")
    assert story.client.delete(f"/api/pages/{page['id']}").status_code == 204


def test_a_list_is_paged_newest_first(story: Story) -> None:
    made = [story.page()["id"] for _ in range(5)]
    url = f"/api/projects/{story.project['id']}/pages"
    first = story.get(url, limit=3)
    rest = story.get(url, limit=3, cursor=first["next_cursor"])
    assert [page["id"] for page in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=many", "cursor=tampered", "cursor="])
def test_a_wrong_slice_is_refused_by_name(story: Story, query: str) -> None:
    response = story.client.get(f"/api/projects/{story.project['id']}/pages?{query}")
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, query.partition("=")[0])


@pytest.mark.parametrize("noun", ["projects", "pages", "tasks", "batches", "runs", "executions", "baselines"])
def test_what_does_not_exist_is_not_found(client: TestClient, noun: str) -> None:
    response = client.get(f"/api/{noun}/nothing")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("body", ["{", "", "null", '"text"', '{"name": "\\ud800", "slug": "x"}'])
def test_a_body_that_is_no_object_is_refused(client: TestClient, body: str) -> None:
    response = client.post("/api/projects", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert response.json()["errors"]
