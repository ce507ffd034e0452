"""A new key, put first: everything is encrypted under it, and the old key can go."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scene.cli import app
from scene.domain.auth import AuthProfileDraft
from scene.domain.records import SYSTEM
from scene.outbound.gate import Gate
from scene.services.auth_profiles import AuthProfiles
from scene.services.secrets import Secrets
from scene.services.webhooks import Webhooks
from scene.store.auth import Sealed
from scene.vault import Vault
from tests.support.mail import Mail, mail_in

OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
WEBHOOKS = 103
"""More than are looked at in one go."""


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Mail]:
    with mail_in(tmp_path) as mail:
        yield mail


def vault(tmp_path: Path, keys: str) -> Vault:
    return Vault(tmp_path / "none.key", keys)


def webhooks(mail: Mail, tmp_path: Path, keys: str) -> Webhooks:
    return Webhooks(mail.store, vault(tmp_path, keys), Gate(["127.0.0.1"]), mail.clock)


def test_afterwards_the_new_key_alone_is_enough(mail: Mail, tmp_path: Path) -> None:
    mail.webhooks = webhooks(mail, tmp_path, OLD)
    made = [mail.webhook("http://127.0.0.1/") for _ in range(WEBHOOKS)]
    profiles = AuthProfiles(mail.store, vault(tmp_path, OLD))
    draft = AuthProfileDraft(name="Ann", secrets={"pin": "1234"})
    profile = profiles.create(mail.world.project().id, draft, SYSTEM)
    assert webhooks(mail, tmp_path, NEW).unreadable()[0] == WEBHOOKS
    report = Secrets(mail.store, vault(tmp_path, f"{NEW},{OLD}")).rotate(SYSTEM)
    assert (report.rotated, report.changed, report.unreadable) == (WEBHOOKS + 1, 0, 0)
    anew = webhooks(mail, tmp_path, NEW)
    assert anew.unreadable()[0] == 0
    for each in made:
        sealed = mail.store.webhooks.sealed(each.id)
        assert anew.live_secrets(anew.get(each.id), sealed)[0] == [each.secret]
    assert AuthProfiles(mail.store, vault(tmp_path, NEW)).secrets(profile).secrets == {"pin": "1234"}
    assert Secrets(mail.store, vault(tmp_path, NEW)).rotate(SYSTEM).rotated == 0


def test_what_needs_a_key_that_is_not_here_stays_as_it_is(mail: Mail, tmp_path: Path) -> None:
    mail.webhooks = webhooks(mail, tmp_path, OLD)
    webhook = mail.webhook("http://127.0.0.1/")
    before = mail.store.webhooks.sealed(webhook.id)
    report = Secrets(mail.store, vault(tmp_path, NEW)).rotate(SYSTEM)
    assert (report.rotated, report.unreadable) == (0, 1)
    assert mail.store.webhooks.sealed(webhook.id) == before


def test_what_somebody_saves_meanwhile_is_not_overwritten(mail: Mail, tmp_path: Path) -> None:
    mail.webhooks = webhooks(mail, tmp_path, OLD)
    webhook = mail.webhook("http://127.0.0.1/")
    [kept] = mail.store.secrets.other_than("another", None, 10)
    mail.webhooks.update(webhook.id, {"custom_headers": {"X-Key": "k"}}, None, SYSTEM)
    saved = mail.store.webhooks.sealed(webhook.id)
    assert mail.store.secrets.reseal(kept, Sealed("older", "another")) is False
    assert mail.store.webhooks.sealed(webhook.id) == saved


def test_the_command_says_what_it_did(mail: Mail, tmp_path: Path) -> None:
    mail.webhooks = webhooks(mail, tmp_path, OLD)
    mail.webhook("http://127.0.0.1/")
    environment = {"SCENE_SECRET_KEY": f"{NEW},{OLD}", "SCENE_DATA_DIR": str(tmp_path)}
    ran = CliRunner().invoke(app, ["secrets", "rotate", "--json"], env=environment)
    assert (ran.exit_code, json.loads(ran.stdout)["rotated"]) == (0, 1)
    lost = CliRunner().invoke(app, ["secrets", "rotate"], env=environment | {"SCENE_SECRET_KEY": OLD})
    assert (lost.exit_code, "need a key that is not here" in lost.stdout) == (3, True)
