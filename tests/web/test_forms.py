"""The forms: what is wrong stands beside its field, what was typed stays, nothing is saved by halves."""

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.errors import FieldError, Invalid
from scene.web.forms import Form
from tests.support.describe import Story


def send(client: TestClient, path: str, **fields: str) -> Any:
    return client.post(path, data={name.replace("__", "."): value for name, value in fields.items()})


def beside(html: str, path: str) -> str:
    """What is said beside a field."""
    slug = path.replace("[", "-").replace("]", "").replace(".", "-")
    found = re.search(rf'id="field-{slug}-error">([^<]*)<', html)
    return found[1] if found else ""


def value_of(html: str, path: str) -> str:
    found = re.search(rf'name="{re.escape(path)}"[^>]*?\svalue="([^"]*)"', html)
    return found[1] if found else ""


def test_a_project_is_created_and_shown(client: TestClient) -> None:
    response = send(client, "/projects", name="Shop", slug="shop", base_url="https://example.org/")
    assert response.status_code == 204
    told = json.loads(response.headers["HX-Trigger"])
    assert told["scene:toast"] == {"message": "The project Shop was created.", "level": "success"}
    (project,) = client.get("/api/projects").json()["items"]
    assert json.loads(response.headers["HX-Location"])["path"] == f"/projects/{project['id']}"
    assert (project["name"], project["slug"], project["base_url"]) == ("Shop", "shop", "https://example.org/")


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(client: TestClient) -> None:
    response = send(client, "/projects", name="My shop", slug="Not a slug", base_url="ftp://example.org")
    assert response.status_code == 422
    assert "small letters a to z" in beside(response.text, "slug")
    assert "http or https" in beside(response.text, "base_url")
    assert value_of(response.text, "name") == "My shop"
    assert value_of(response.text, "base_url") == "ftp://example.org"
    assert client.get("/api/projects").json()["items"] == []


def test_a_taken_slug_is_said_beside_it(client: TestClient) -> None:
    send(client, "/projects", name="Shop", slug="shop")
    response = send(client, "/projects", name="Other", slug="shop")
    assert response.status_code == 422
    assert "choose another slug" in beside(response.text, "slug")


def test_a_page_keeps_headers_statuses_and_actions(story: Story) -> None:
    actions = [{"type": "click", "selector": "#more"}]
    response = story.client.post(
        f"/projects/{story.project['id']}/pages",
        data={
            "name": "Front",
            "url": "/",
            "headers[3].key": "X-B",
            "headers[3].value": "2",
            "headers[1].key": "X-A",
            "headers[1].value": "1",
            "expected_status": "200, 404",
            "preparatory_actions": json.dumps(actions),
            "preparatory_js": "",
            "ignore_https_errors": ["false", "true"],
        },
    )
    assert response.status_code == 204
    (page,) = story.get(f"/api/projects/{story.project['id']}/pages")["items"]
    assert list(page["headers"].items()) == [("X-A", "1"), ("X-B", "2")]
    assert page["expected_status"] == [200, 404]
    assert page["preparatory_actions"][0]["selector"] == "#more"
    assert (page["preparatory_js"], page["ignore_https_errors"]) == (None, True)


@pytest.mark.parametrize(
    ("fields", "path", "says"),
    [
        ({"preparatory_actions": '[{"type": "click"'}, "preparatory_actions", "line 1"),
        ({"preparatory_actions": '[{"type": "click"}]'}, "preparatory_actions", "[0].selector is needed"),
        ({"expected_status": "two hundred"}, "", "expected_status"),
        ({"url": ""}, "url", "This is needed."),
        ({"name": "x" * 201}, "name", "This must have at most 200 characters."),
        ({"url": "x y"}, "url", "This must "),
    ],
)
def test_a_wrong_page_is_explained(story: Story, fields: dict[str, str], path: str, says: str) -> None:
    given = {"name": "Front", "url": "/", **fields}
    response = story.client.post(f"/projects/{story.project['id']}/pages", data=given)
    assert response.status_code == 422
    assert says in (beside(response.text, path) if path else response.text)
    assert story.get(f"/api/projects/{story.project['id']}/pages")["items"] == []


def test_an_edited_task_loses_what_was_emptied_and_keeps_the_rest(story: Story) -> None:
    task = story.task(task_js="1 + 1", policy={"max_changed_pixels": 7})
    form = story.client.get(f"/tasks/{task['id']}/edit").text
    assert value_of(form, "viewports[0].width") == "640"
    assert "max_changed_pixels" in form
    response = story.client.post(
        f"/tasks/{task['id']}",
        data={
            "version": task["version"],
            "name": "Renamed",
            "page_id": task["page_id"],
            "browsers[0]": "chromium",
            "viewports[0].width": "800",
            "viewports[0].height": "600",
            "targets[0].kind": "viewport",
            "task_js": "",
            "policy": '{"max_changed_pixels": 7}',
            "compare_with": "both",
        },
    )
    assert response.status_code == 204
    saved = story.get(f"/api/tasks/{task['id']}")
    assert (saved["name"], saved["task_js"]) == ("Renamed", None)
    assert [viewport["width"] for viewport in saved["viewports"]] == [800]
    assert saved["policy"]["max_changed_pixels"] == 7
    assert saved["capture"]["stability_timeout_ms"] is None


def test_an_element_target_keeps_what_it_is(story: Story) -> None:
    target = {"kind": "element", "selector": ".card", "name": "Card", "match": "every", "expected_count": 2}
    task = story.task(targets=[target | {"padding_px": 8}])
    form = story.client.get(f"/tasks/{task['id']}/edit").text
    fields = {f"targets[0].{name}": value_of(form, f"targets[0].{name}") for name in ("selector", "name", "padding_px")}
    assert '<option value="every" selected>' in form
    data = fields | {
        "name": task["name"],
        "page_id": task["page_id"],
        "browsers[0]": "chromium",
        "viewports[0].width": "640",
        "viewports[0].height": "480",
        "targets[0].kind": "element",
        "targets[0].match": "every",
        "targets[0].expected_count": value_of(form, "targets[0].expected_count"),
    }
    assert story.client.post(f"/tasks/{task['id']}", data=data).status_code == 204
    assert story.get(f"/api/tasks/{task['id']}")["targets"] == task["targets"]


def test_a_batch_takes_the_chosen_tasks_in_their_order(story: Story) -> None:
    first, second, third = (story.task() for _ in range(3))
    data = {"name": "Nightly", "baseline_policy.use": "latest"}
    for index, (task, chosen, enabled) in enumerate(
        [(third, "true", "true"), (first, "", "true"), (second, "true", "false")]
    ):
        data |= {f"tasks[{index}].task_id": task["id"], f"tasks[{index}].enabled": enabled}
        data |= {f"tasks[{index}].chosen": "true"} if chosen else {}
    assert story.client.post(f"/projects/{story.project['id']}/batches", data=data).status_code == 204
    (batch,) = story.get(f"/api/projects/{story.project['id']}/batches")["items"]
    assert batch["tasks"] == [
        {"task_id": third["id"], "enabled": True},
        {"task_id": second["id"], "enabled": False},
    ]
    form = story.client.get(f"/batches/{batch['id']}/edit").text
    assert re.findall(r'name="tasks\[\d\]\.task_id" value="(\w+)"', form) == [third["id"], second["id"], first["id"]]


def test_who_saves_second_is_told_and_loses_nothing(story: Story) -> None:
    page = story.page(name="Front")
    story.client.patch(f"/api/pages/{page['id']}", json={"name": "Theirs"})
    mine = {"version": page["version"], "name": "Mine", "url": "/"}
    refused = story.client.post(f"/pages/{page['id']}", data=mine)
    assert refused.status_code == 422
    assert "Somebody else saved this" in refused.text
    assert value_of(refused.text, "name") == "Mine"
    assert story.get(f"/api/pages/{page['id']}")["name"] == "Theirs"
    version = value_of(refused.text, "version")
    assert story.client.post(f"/pages/{page['id']}", data=mine | {"version": version}).status_code == 204
    assert story.get(f"/api/pages/{page['id']}")["name"] == "Mine"


def test_deleting_asks_says_what_goes_and_is_refused_in_words(story: Story) -> None:
    page = story.page(name="Front")
    task = story.task(page, name="Wide")
    asked = story.client.get(f"/pages/{page['id']}/delete").text
    assert "Front" in asked
    assert "cannot be undone" in asked
    refused = story.client.post(f"/pages/{page['id']}/delete")
    assert refused.status_code == 422
    assert "Wide" in refused.text
    assert story.client.post(f"/tasks/{task['id']}/delete").status_code == 204
    assert story.client.post(f"/pages/{page['id']}/delete").status_code == 204
    assert story.client.get(f"/api/pages/{page['id']}").status_code == 404


def test_a_run_is_counted_and_started(story: Story) -> None:
    wide, narrow = story.task(name="Wide"), story.task(name="Narrow")
    batch = story.batch(wide, narrow)
    assert "2 executions" in story.client.get(f"/batches/{batch['id']}/run").text
    one = {"purpose": "baseline_recording", "line": "main", "task_ids[1]": narrow["id"]}
    assert "1 execution\n" in story.client.post(f"/batches/{batch['id']}/run/count", data=one).text
    response = story.client.post(
        f"/batches/{batch['id']}/run", data=one | {"variables[0].key": "host", "variables[0].value": "a b"}
    )
    (run,) = story.get("/api/runs", batch=batch["id"])["items"]
    assert json.loads(response.headers["HX-Location"])["path"] == f"/runs/{run['id']}"
    assert (run["task_ids"], run["variables"]) == ([narrow["id"]], {"host": "a b"})


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Choose at least one task."),
        ({"task_ids[0]": "nothing"}, "task_ids"),
        ({"all": "", "jira_issue": "no issue"}, "such as SHOP-123"),
        ({"all": "", "baseline_id": "nothing"}, "baseline"),
    ],
)
def test_a_run_that_cannot_start_says_why(story: Story, fields: dict[str, str], says: str) -> None:
    batch = story.batch()
    if "all" in fields:
        fields = {name: value for name, value in fields.items() if name != "all"} | {
            "task_ids[0]": batch["tasks"][0]["task_id"]
        }
    response = story.client.post(f"/batches/{batch['id']}/run", data={"purpose": "comparison", "line": "main"} | fields)
    assert response.status_code == 422
    assert says in response.text
    assert story.get("/api/runs", batch=batch["id"])["items"] == []


def test_a_browser_that_is_not_here_is_said_before_the_run_starts(story: Story) -> None:
    webkit = story.task(name="Safari", browsers=["webkit"])
    batch = story.batch(story.task(name="Wide"), webkit)
    assert "Executions in webkit will fail here" in story.client.get(f"/batches/{batch['id']}/run").text
    without = {"purpose": "comparison", "task_ids[0]": batch["tasks"][0]["task_id"]}
    assert "will fail here" not in story.client.post(f"/batches/{batch['id']}/run/count", data=without).text


def test_more_than_a_hundred_executions_are_warned_of(story: Story) -> None:
    viewports = [{"width": 100 + number, "height": 100} for number in range(50)]
    batch = story.batch(*(story.task(viewports=viewports) for _ in range(3)))
    assert "that is a lot" in story.client.get(f"/batches/{batch['id']}/run").text


@pytest.mark.parametrize("body", [b"\xff=1", b"name=" + b"&name=" * 60_000])
def test_a_body_that_is_no_form_is_refused(client: TestClient, body: bytes) -> None:
    response = client.post("/projects", content=body)
    assert response.status_code == 422
    assert "form" in response.json()["detail"]


@pytest.mark.parametrize("name", ["a[0].b.c[1]", "[5]", "...", "a[0]", "a", "a[99999]", "😀"])
def test_names_of_fields_never_break_the_parser(client: TestClient, name: str) -> None:
    response = client.post("/projects", data={"a": "1", name: "2", "slug": "x"})
    assert response.status_code == 422
    assert "This is needed." in beside(response.text, "name")


def test_errors_without_a_field_are_shown_at_the_end() -> None:
    form = Form.again({}, _invalid())
    assert form.error("name") == "This is wrong."
    assert [error.field for error in form.unshown()] == ["other"]


def _invalid() -> Any:
    return Invalid("two", fields=(FieldError("name", "is wrong"), FieldError("other", "too")))


def test_a_task_says_what_it_will_capture_before_it_is_right(story: Story) -> None:
    form = story.client.get(f"/projects/{story.project['id']}/tasks/new").text
    assert "= <strong>1 picture</strong>" in form
    sent = {
        "browsers[0]": "chromium",
        "browsers[1]": "firefox",
        "viewports[0].width": "1280",
        "viewports[0].height": "800",
        "viewports[1].width": "wide",
        "viewports[5].name": "phone",
        "viewports[5].width": "390",
        "viewports[5].height": "844",
        "targets[0].kind": "full",
        "targets[1].kind": "element",
        "targets[1].match": "every",
    }
    counted = story.client.post("/forms/matrix", data=sent).text
    assert "2 browsers" in counted
    assert "3 viewports" in counted
    assert "<strong>at least 12 pictures</strong>" in counted
    assert "firefox phone" in counted
    assert "0 pictures" in story.client.post("/forms/matrix", data={"viewports": "5"}).text


def test_a_project_keeps_its_capture_options_dismissals_and_hosts(story: Story) -> None:
    own = f"/projects/{story.project['id']}"
    data = {
        "name": "Shop",
        "slug": "shop",
        "capture": '{"locale": "de-DE"}',
        "dismissals": '{"selectors": [{"selector": "#banner"}]}',
        "allowed_hosts": "example.org\r\n\r\n*.example.org\r\n",
    }
    wrong = data | {"capture": '{"local": "de-DE"}', "denied_hosts": "example.org\nno host"}
    refused = story.client.post(own, data=wrong)
    assert refused.status_code == 422
    assert "local is not a field that is known here" in beside(refused.text, "capture")
    assert "[1]" in beside(refused.text, "denied_hosts")
    assert story.client.post(own, data=data).status_code == 204
    project = story.get(f"/api{own}")
    assert (project["capture"]["locale"], project["dismissals"]["selectors"][0]["action"]) == ("de-DE", "remove")
    assert project["allowed_hosts"] == ["example.org", "*.example.org"]
    form = story.client.get(f"{own}/edit").text
    assert "example.org\n*.example.org</textarea>" in form
    assert "color_scheme" not in re.sub(r"(?s)<div class=\"form-text\".*?</div>", "", form)


def test_a_page_is_opened_as_a_profile_of_its_project(story: Story) -> None:
    own = f"/api/projects/{story.project['id']}"
    profile = story.client.post(f"{own}/auth-profiles", json={"name": "Customer"}).json()
    page = story.page()
    data = {"name": page["name"], "url": page["url"], "auth_profile_id": profile["id"]}
    assert story.client.post(f"/pages/{page['id']}", data=data).status_code == 204
    assert story.get(f"/api/pages/{page['id']}")["auth_profile_id"] == profile["id"]
    assert ">Customer</option>" in story.client.get(f"/pages/{page['id']}/edit").text
    assert story.client.post(f"/pages/{page['id']}", data=data | {"auth_profile_id": ""}).status_code == 204
    assert story.get(f"/api/pages/{page['id']}")["auth_profile_id"] is None
