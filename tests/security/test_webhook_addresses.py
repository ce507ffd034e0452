"""Who knows the address of a channel of Slack or Teams can post there: who may only read is told its host."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.records import EventType
from scene.domain.webhooks import WebhookDraft, without_path
from scene.store.values import SliceRequest
from tests.conftest import MakeScene
from tests.security.conftest import OPERATOR, MakeClient
from tests.support.receiver import Answer, Receiver
from tests.support.things import things

SECRET = "T0SECRET/B0SECRET"
READ = ("/api/webhooks", "/api/webhooks/{id}", "/api/webhooks/{id}/deliveries", "/api/deliveries/{delivery}")
SHOWN = ("/webhooks", "/webhooks/{id}", "/webhooks/{id}/edit", "/deliveries/{delivery}", "/projects/{project}/webhooks")


@pytest.fixture
def scene(make_scene: MakeScene) -> Scene:
    return make_scene(outbound_allowed_hosts=["127.0.0.1"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Sends on to the same address with a slash behind it, and repeats it in words."""
    with Receiver() as receiver:
        receiver.otherwise = Answer(308, {"Location": f"/services/{SECRET}/"}, f"See /services/{SECRET}/".encode())
        yield receiver


@pytest.fixture
def known(scene: Scene, receiver: Receiver) -> dict[str, str]:
    """A webhook of which a delivery was tried by a server at work."""
    named = things(scene)
    draft = WebhookDraft(endpoint_url=f"{receiver.url}/services/{SECRET}", event_types=[EventType.RUN_FINISHED])
    webhook = scene.services.webhooks.create(draft, OPERATOR)
    scene.start()
    delivery = scene.services.webhooks.test(webhook.id, OPERATOR)
    receiver.wait_for(1)
    scene.close()  # nothing is in hand any more: the try is recorded
    return {"id": webhook.id, "delivery": delivery.id, "project": named["project"], "shown": f"{receiver.url}/…"}


@pytest.fixture
def told(known: dict[str, str], make_client: MakeClient, make_token: Callable[[str], str]) -> Callable[..., str]:
    """Everything that somebody with a token of a scope is told about webhooks."""

    clients: dict[str, TestClient] = {scope: make_client(token=make_token(scope)) for scope in ("read", "write")}

    def ask(scope: str, *paths: str) -> str:
        answers = [clients[scope].get(path.format(**known)) for path in paths]
        assert {answer.status_code for answer in answers} == {200}
        return "".join(answer.text for answer in answers)

    return ask


@pytest.mark.parametrize("paths", [READ, SHOWN], ids=["REST", "pages"])
def test_a_reader_is_told_the_host_and_a_writer_the_whole(
    known: dict[str, str], told: Callable[..., str], paths: tuple[str, ...]
) -> None:
    assert "SECRET" not in told("read", *paths)
    for path in [path for path in paths if "deliver" not in path]:
        assert known["shown"] in told("read", path)
        assert SECRET in told("write", path)


def test_what_the_endpoint_answered_is_for_writers(told: Callable[..., str]) -> None:
    for path in ("/api/deliveries/{delivery}", "/deliveries/{delivery}"):
        assert "sends on to another address (308)" in told("read", path)
        assert "See /services" in told("write", path)


def test_neither_logs_nor_metrics_nor_the_audit_log_name_the_path(
    capfd: pytest.CaptureFixture[str], scene: Scene, told: Callable[..., str]
) -> None:
    logged = "".join(capfd.readouterr())
    written = "".join(entry.model_dump_json() for entry in scene.store.records.audit(SliceRequest(limit=100)).items)
    assert "delivery_tried" in logged
    assert "webhook.created" in written
    assert "SECRET" not in logged + written + told("read", "/metrics")


def test_an_address_without_a_path_is_shown_whole() -> None:
    assert without_path("https://hooks.example.org:8443/") == "https://hooks.example.org:8443/"
    assert without_path("https://hooks.example.org?key=1") == "https://hooks.example.org/…"
    assert without_path("https://prod.example.org/workflows/1?sig=2") == "https://prod.example.org/…"


def test_what_a_reader_is_shown_is_not_stored(make_client: MakeClient, make_token: Callable[[str], str]) -> None:
    body = {"endpoint_url": "https://hooks.slack.com/…", "event_types": ["run.finished"]}
    answer = make_client(token=make_token("write")).post("/api/webhooks", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "endpoint_url")
