"""Webhooks over REST: what a program can say, and what it is told."""

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.server import create_app
from tests.conftest import MakeScene
from tests.support.receiver import Receiver

ENDPOINT = "https://hooks.example.org/scene"


def create(client: TestClient, **fields: object) -> dict[str, object]:
    body = {"endpoint_url": ENDPOINT, "event_types": ["run.finished"], **fields}
    response = client.post("/api/webhooks", json=body)
    assert response.status_code == 201, response.text
    return dict(response.json())


def test_the_secret_is_told_once(client: TestClient) -> None:
    created = create(client, custom_headers={"Authorization": "Bearer 1234"})
    assert str(created["secret"]).startswith("whsec_")
    found = client.get(f"/api/webhooks/{created['id']}").json()
    assert "secret" not in found
    assert found["custom_headers"] == ["Authorization"]
    assert "1234" not in client.get("/api/webhooks").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint_url", "ftp://hooks.example.org"),
        ("endpoint_url", "https://user@hooks.example.org/"),
        ("endpoint_url", "https://@hooks.example.org/"),
        ("endpoint_url", "https://hooks.example.org\\@127.0.0.1/"),
        ("endpoint_url", "https://hooks.example.org/#here"),
        ("endpoint_url", "https://hooks.example.org/ x"),
        ("endpoint_url", "http://127.0.0.1:9000/"),
        ("endpoint_url", "http://[::1]/"),
        ("endpoint_url", "http://2130706433/"),
        ("endpoint_url", "http://localhost/"),
        ("endpoint_url", "http://169.254.169.254/latest/meta-data"),
        ("event_types", []),
        ("event_types", ["run.exploded"]),
        ("custom_headers", {"X-Scene-Event": "mine"}),
        ("custom_headers", {"webhook-id": "mine"}),
        ("custom_headers", {"Content-Length": "1"}),
        ("custom_headers", {"X-Key": "a\r\nX-Other: b"}),
        ("custom_headers", {"X-Key": "ü"}),
        ("custom_headers", {"X-Key": None}),
        ("custom_headers", {"X-Key": "a", "x-key": "b"}),
        ("custom_headers", {"bad name": "a"}),
        ("format", "discord"),
        ("project_id", 5),
    ],
)
def test_what_is_wrong_is_said_with_its_field(client: TestClient, field: str, value: object) -> None:
    body = {"endpoint_url": ENDPOINT, "event_types": ["run.finished"], field: value}
    response = client.post("/api/webhooks", json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"].startswith(field)
    assert client.get("/api/webhooks").json()["items"] == []


def test_a_webhook_of_no_project_is_refused(client: TestClient) -> None:
    body = {"endpoint_url": ENDPOINT, "event_types": ["run.finished"], "project_id": "none"}
    response = client.post("/api/webhooks", json=body)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "project_id")


def test_fields_are_changed_and_the_others_stay(client: TestClient, scene: Scene) -> None:
    created = create(client, custom_headers={"X-Key": "k1", "X-Other": "o1"})
    url = f"/api/webhooks/{created['id']}"
    changed = client.patch(url, json={"custom_headers": {"X-Key": None, "X-New": "n1"}, "event_types": ["task.failed"]})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json()["custom_headers"] == ["X-Key", "X-New"]
    webhook = scene.services.webhooks.get(str(created["id"]))
    secrets, headers = scene.services.webhooks.live_secrets(webhook, scene.store.webhooks.sealed(webhook.id))
    assert (secrets, headers) == ([created["secret"]], {"X-Key": "k1", "X-New": "n1"})


def test_a_stale_version_is_refused(client: TestClient) -> None:
    url = f"/api/webhooks/{create(client)['id']}"
    client.patch(url, json={"enabled": False})
    assert client.patch(url, json={"enabled": True}, headers={"If-Match": '"1"'}).status_code == 412


def test_the_project_of_a_webhook_stays(client: TestClient) -> None:
    response = client.patch(f"/api/webhooks/{create(client)['id']}", json={"project_id": "other"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "project_id")


def test_a_rotation_tells_the_new_secret_and_how_long_the_old_one_counts(client: TestClient) -> None:
    created = create(client)
    url = f"/api/webhooks/{created['id']}/secret"
    rotated = client.post(url, json={"previous_valid_seconds": 60})
    assert rotated.json()["secret"] != created["secret"]
    assert rotated.json()["previous_secret_until"] is not None
    assert client.delete(f"{url}/previous").json()["previous_secret_until"] is None
    assert client.post(url, json={"previous_valid_seconds": -1}).status_code == 422


def test_a_test_event_can_be_read_and_sent_again_only_once_it_has_ended(client: TestClient) -> None:
    created = create(client)
    delivery = client.post(f"/api/webhooks/{created['id']}/test")
    assert (delivery.status_code, delivery.json()["status"]) == (202, "pending")
    found = client.get(f"/api/deliveries/{delivery.json()['id']}").json()
    assert f'"delivery_id":"{found["id"]}"' in found["payload"]
    assert client.post(f"/api/deliveries/{found['id']}/redeliver").status_code == 409
    listed = client.get(f"/api/webhooks/{created['id']}/deliveries", params={"status": "pending"}).json()
    assert [each["id"] for each in listed["items"]] == [found["id"]]
    assert "payload" not in listed["items"][0]


def test_of_what_is_not_there_nothing_is_told(client: TestClient) -> None:
    for path in ("/api/webhooks/none", "/api/webhooks/none/deliveries", "/api/deliveries/none"):
        assert client.get(path).status_code == 404
    for path in ("/api/webhooks/none/test", "/api/deliveries/none/redeliver"):
        assert client.post(path).status_code == 404
    assert client.post("/api/webhooks/none/redeliver", json={}).status_code == 404
    assert client.post("/api/webhooks/none/secret", json={}).status_code == 404


def test_a_server_at_work_sends_what_happens(make_scene: MakeScene) -> None:
    scene = make_scene(outbound_allowed_hosts=["127.0.0.1"])
    app = create_app(scene.services, scene.settings)
    with Receiver() as receiver, TestClient(app, base_url="http://127.0.0.1:8000") as client:
        scene.start()
        created = create(client, endpoint_url=receiver.url)
        sent = client.post(f"/api/webhooks/{created['id']}/test").json()
        [received] = receiver.wait_for(1)
        assert received.delivery == sent["id"]
