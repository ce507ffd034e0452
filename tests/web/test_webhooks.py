"""Webhooks, as a person makes and watches them."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.records import EventType
from scene.domain.webhooks import DeliveryStatus
from scene.store.webhooks import TryOutcome
from tests.support.describe import Story

FIELDS = {"endpoint_url": "https://hooks.example.org/scene", "event_types[1]": "run.finished", "enabled": "true"}


@pytest.fixture
def webhook(story: Story) -> dict[str, Any]:
    return story.post("/api/webhooks", endpoint_url=FIELDS["endpoint_url"], event_types=["run.finished"])


def a_test_of(client: TestClient, webhook: dict[str, Any]) -> str:
    return str(client.post(f"/api/webhooks/{webhook['id']}/test").json()["id"])


def settle(scene: Scene, webhook: dict[str, Any], outcome: TryOutcome) -> None:
    claimed = scene.store.deliveries.claim(webhook["id"], 30)
    assert claimed is not None
    assert scene.store.deliveries.settle(claimed, outcome)


def test_a_new_one_shows_its_secret_once(story: Story) -> None:
    form = story.client.get("/webhooks/new", params={"project_id": story.project["id"]})
    assert f'value="{story.project["id"]}"' in form.text
    made = story.client.post("/webhooks", data={**FIELDS, "project_id": story.project["id"]})
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", made.text)
    assert (made.status_code, made.headers["hx-trigger"]) == (200, "scene:changed")
    assert secret
    tab = story.client.get(f"/projects/{story.project['id']}/webhooks").text
    assert FIELDS["endpoint_url"] in tab
    assert secret[0] not in tab


def test_what_is_wrong_stands_beside_its_field(story: Story) -> None:
    sent = {**FIELDS, "endpoint_url": "http://127.0.0.1:1/", "custom_headers[0].key": "X-Key"}
    answer = story.client.post("/webhooks", data=sent)
    assert answer.status_code == 422
    assert "a new header needs a value" in answer.text
    answer = story.client.post("/webhooks", data={**FIELDS, "endpoint_url": "http://127.0.0.1:1/"})
    assert "loopback address" in answer.text
    answer = story.client.post("/webhooks", data={"endpoint_url": FIELDS["endpoint_url"]})
    assert 'id="field-event_types-error"' in answer.text


def test_a_header_without_a_value_keeps_it(story: Story, scene: Scene) -> None:
    made = story.post(
        "/api/webhooks",
        endpoint_url=FIELDS["endpoint_url"],
        event_types=["run.finished"],
        custom_headers={"X-Key": "hidden-1"},
    )
    form = story.client.get(f"/webhooks/{made['id']}/edit").text
    assert 'value="X-Key"' in form
    assert "hidden-1" not in form
    sent = {
        **FIELDS,
        "custom_headers[0].key": "X-Key",
        "custom_headers[1].key": "X-New",
        "custom_headers[1].value": "n",
    }
    assert story.client.post(f"/webhooks/{made['id']}", data={**sent, "version": "1"}).status_code == 204
    stored = scene.services.webhooks.live_secrets(
        scene.services.webhooks.get(made["id"]), scene.store.webhooks.sealed(made["id"])
    )
    assert stored[1] == {"X-Key": "hidden-1", "X-New": "n"}


def test_the_lists_say_whose_they_are(story: Story, webhook: dict[str, Any]) -> None:
    assert "every project" in story.client.get("/webhooks").text
    assert "every project" in story.client.get(f"/projects/{story.project['id']}/webhooks").text


def test_an_empty_list_says_what_to_do_next(client: TestClient, story: Story) -> None:
    assert "Create the first webhook" in client.get("/webhooks").text
    assert "Create the first webhook" in client.get(f"/projects/{story.project['id']}/webhooks").text


def test_it_is_switched_off_and_on(client: TestClient, webhook: dict[str, Any]) -> None:
    assert client.post(f"/webhooks/{webhook['id']}/off").status_code == 204
    assert ">Off</span>" in client.get("/webhooks").text
    assert "switched off" in client.post(f"/webhooks/{webhook['id']}/test").headers["hx-trigger"]
    assert client.post(f"/webhooks/{webhook['id']}/on").status_code == 204
    assert client.get(f"/api/webhooks/{webhook['id']}").json()["enabled"] is True


def test_one_that_scene_switched_off_says_so(
    client: TestClient, scene: Scene, story: Story, webhook: dict[str, Any]
) -> None:
    a_test_of(client, webhook)
    settle(scene, webhook, TryOutcome(DeliveryStatus.FAILED, None, 1, 410, disabled_because="It is gone for good."))
    project = story.project["id"]
    for page in ("/webhooks", f"/webhooks/{webhook['id']}", f"/projects/{project}", f"/projects/{project}/webhooks"):
        assert "It is gone for good." in client.get(page).text
    assert "Switch on again" in client.get(f"/webhooks/{webhook['id']}").text


def test_a_test_event_is_shown_with_its_body_and_its_tries(
    client: TestClient, scene: Scene, webhook: dict[str, Any]
) -> None:
    assert client.post(f"/webhooks/{webhook['id']}/test").status_code == 204
    shown = client.get(f"/webhooks/{webhook['id']}").text
    assert "webhook.test" in shown
    assert "every 2s" in shown, "while something is on its way, the page asks again"
    outcome = TryOutcome(
        DeliveryStatus.FAILED,
        None,
        12,
        500,
        "The endpoint answered 500.",
        {"X-Scene-Event": "webhook.test"},
        {"server": "t"},
        "<b>Oh no</b>",
    )
    settle(scene, webhook, outcome)
    assert "every 2s" not in client.get(f"/webhooks/{webhook['id']}").text
    [delivery] = client.get(f"/api/webhooks/{webhook['id']}/deliveries").json()["items"]
    page = client.get(f"/deliveries/{delivery['id']}").text
    for part in ("X-Scene-Event: webhook.test", "server: t", "&lt;b&gt;Oh no&lt;/b&gt;", "The endpoint answered 500."):
        assert part in page


def test_deliveries_are_narrowed_by_how_they_ended(client: TestClient, scene: Scene, webhook: dict[str, Any]) -> None:
    delivery = a_test_of(client, webhook)
    assert delivery in client.get(f"/webhooks/{webhook['id']}?status=pending").text
    assert delivery not in client.get(f"/webhooks/{webhook['id']}?status=failed").text


def test_one_or_many_are_sent_again(client: TestClient, scene: Scene, webhook: dict[str, Any]) -> None:
    own = f"/webhooks/{webhook['id']}"
    delivery = a_test_of(client, webhook)
    assert "still on its way" in client.post(f"/deliveries/{delivery}/redeliver").headers["hx-trigger"]
    settle(scene, webhook, TryOutcome(DeliveryStatus.FAILED, None, 1, 500))
    assert "will be sent again" in client.post(f"/deliveries/{delivery}/redeliver").headers["hx-trigger"]
    settle(scene, webhook, TryOutcome(DeliveryStatus.SUCCEEDED, None, 1, 200))
    sent = {"statuses[1]": "succeeded", "created_after": "2020-01-01T00:00", "created_before": "2100-01-01T00:00"}
    assert "1 delivery will" in client.post(f"{own}/redeliver", data=sent).headers["hx-trigger"]
    assert client.post(f"{own}/redeliver", data={"created_after": "soon"}).status_code == 422
    assert "Choose which." in client.post(f"{own}/redeliver", data={}).text


def test_a_rotation_shows_the_new_secret_and_ends_the_old_one(client: TestClient, webhook: dict[str, Any]) -> None:
    own = f"/webhooks/{webhook['id']}"
    assert '<option value="86400" selected>' in client.get(f"{own}/secret").text
    assert "whsec_" in client.post(f"{own}/secret", data={"previous_valid_seconds": "3600"}).text
    assert "End it now" in client.get(own).text
    assert client.post(f"{own}/secret/previous/end").status_code == 204
    assert "End it now" not in client.get(own).text


def test_every_event_can_be_chosen(client: TestClient) -> None:
    form = client.get("/webhooks/new").text
    offered = set(re.findall(r'value="([a-z]+\.[a-z_]+)"', form))
    assert offered == {str(event) for event in EventType} - {"webhook.test"}
