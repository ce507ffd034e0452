"""A receiver can tell that Scene sent exactly this: with the published libraries, and during a rotation."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

import pytest
import standardwebhooks
import svix

from scene.domain.records import SYSTEM
from scene.domain.webhooks import Rotation, WebhookWithSecret
from tests.support.mail import Mail, mail_in
from tests.support.receiver import Received, Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Mail]:
    with mail_in(tmp_path) as mail:
        mail.clock.follow_the_machine()
        yield mail


def sent(mail: Mail, webhook: WebhookWithSecret, receiver: Receiver) -> Received:
    mail.test(webhook)
    assert mail.send(webhook) is True
    return receiver.received[-1]


def is_signed(received: Received, secret: str) -> bool:
    """By the standardwebhooks library."""
    try:
        standardwebhooks.Webhook(secret).verify(received.body, received.headers)
    except standardwebhooks.WebhookVerificationError:
        return False
    return True


def test_the_published_libraries_accept_it(mail: Mail, receiver: Receiver) -> None:
    webhook = mail.webhook(receiver.url)
    received = sent(mail, webhook, receiver)
    told = standardwebhooks.Webhook(webhook.secret).verify(received.body, received.headers)
    assert told["event"] == "webhook.test"
    svix.Webhook(webhook.secret).verify(received.body, received.headers)
    with pytest.raises(svix.WebhookVerificationError):
        svix.Webhook(webhook.secret).verify(received.body + b" ", received.headers)


def test_a_changed_byte_or_another_secret_is_found_out(mail: Mail, receiver: Receiver) -> None:
    webhook, other = mail.webhook(receiver.url), mail.webhook(receiver.url)
    received = sent(mail, webhook, receiver)
    assert not is_signed(received, other.secret)
    assert not is_signed(Received(received.headers, received.body + b" "), webhook.secret)


def test_scenes_own_signature_is_over_timestamp_and_body(mail: Mail, receiver: Receiver) -> None:
    webhook = mail.webhook(receiver.url)
    received = sent(mail, webhook, receiver)
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    signed = f"{received.headers['x-scene-timestamp']}.".encode() + received.body
    assert received.headers["x-scene-signature"] == "sha256=" + hmac.new(key, signed, hashlib.sha256).hexdigest()
    assert received.headers["x-scene-timestamp"].endswith("Z")
    assert received.headers["webhook-id"] == received.delivery


def test_during_a_rotation_both_secrets_sign(mail: Mail, receiver: Receiver) -> None:
    old = mail.webhook(receiver.url)
    new = mail.webhooks.rotate(old.id, Rotation(previous_valid_seconds=3_600), SYSTEM)
    received = sent(mail, old, receiver)
    assert (is_signed(received, old.secret), is_signed(received, new.secret)) == (True, True)
    assert received.headers["x-scene-signature"].count("sha256=") == 2
    mail.webhooks.end_previous_secret(old.id, SYSTEM)
    received = sent(mail, old, receiver)
    assert (is_signed(received, old.secret), is_signed(received, new.secret)) == (False, True)


def test_the_old_secret_ends_by_itself(mail: Mail, receiver: Receiver) -> None:
    old = mail.webhook(receiver.url)
    mail.webhooks.rotate(old.id, Rotation(previous_valid_seconds=1), SYSTEM)
    mail.clock.pass_seconds(2)
    assert not is_signed(sent(mail, old, receiver), old.secret)


def test_secrets_are_not_in_the_database_in_clear(mail: Mail, receiver: Receiver, tmp_path: Path) -> None:
    webhook = mail.webhook(receiver.url, custom_headers={"X-Key": "very-secret-value"})
    mail.store.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("scene.db*"))
    assert webhook.secret.removeprefix("whsec_").encode() not in stored
    assert b"very-secret-value" not in stored
