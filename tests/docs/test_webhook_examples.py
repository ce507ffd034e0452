"""The examples of docs/webhooks.md verify what Scene really sends."""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scene.domain.records import SYSTEM, EventType
from scene.domain.webhooks import Rotation
from tests.support.mail import Mail, mail_in
from tests.support.receiver import Received, Receiver

PAGE = (Path(__file__).parents[2] / "docs/webhooks.md").read_text()
ASK_NODE = """
const { secret, headers, body } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(verify(secret, headers, Buffer.from(body, "base64"))));
"""
Verify = Callable[[str, dict[str, str], bytes], Any]


def example(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/webhooks.md has no example in {language}"
    return found[1]


def in_python(language: str) -> Verify:
    known: dict[str, Any] = {}
    exec(example(language), known)
    return known["verify"]


def in_node(secret: str, headers: dict[str, str], body: bytes) -> Any:
    own = Path(sys.prefix, "bin", "node")
    given = json.dumps({"secret": secret, "headers": headers, "body": base64.b64encode(body).decode()})
    program = example("javascript") + ASK_NODE
    command = [str(own) if own.exists() else "node", "-e", program]
    ran = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)
    if ran.returncode:
        raise ValueError(ran.stderr)
    return json.loads(ran.stdout)


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Mail]:
    with mail_in(tmp_path) as mail:
        mail.clock.follow_the_machine()
        yield mail


@pytest.fixture(params=["python library", "python", "javascript"])
def verify(request: pytest.FixtureRequest) -> Verify:
    return in_node if request.param == "javascript" else in_python(request.param)


def sent(mail: Mail, rotated: bool) -> tuple[list[str], Received]:
    """The secrets that are good, and a delivery."""
    with Receiver() as receiver:
        webhook = mail.webhook(receiver.url)
        secrets = [webhook.secret]
        if rotated:
            secrets.append(mail.webhooks.rotate(webhook.id, Rotation(), SYSTEM).secret)
        mail.test(webhook)
        assert mail.send(webhook)
        return secrets, receiver.received[0]


@pytest.mark.parametrize("rotated", [False, True])
def test_an_example_accepts_what_scene_sends(mail: Mail, verify: Verify, rotated: bool) -> None:
    secrets, received = sent(mail, rotated)
    for secret in secrets:
        assert verify(secret, received.headers, received.body)["delivery_id"] == received.delivery


def test_an_example_refuses_what_was_changed_or_is_old(mail: Mail, verify: Verify) -> None:
    [secret], received = sent(mail, rotated=False)
    with pytest.raises(Exception):  # noqa: B017, PT011 - each example raises its own
        verify(secret, received.headers, received.body.replace(b"webhook.test", b"run.finished"))
    old = received.headers | {"x-scene-timestamp": "2020-01-01T00:00:00Z", "webhook-timestamp": "1577836800"}
    with pytest.raises(Exception):  # noqa: B017, PT011
        verify(secret, old, received.body)


def test_every_event_is_explained() -> None:
    assert all(f"`{event}`" in PAGE for event in EventType)
