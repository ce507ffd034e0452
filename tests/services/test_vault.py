"""What is encrypted, and under which key."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scene.errors import SecretUnreadable, SetupError
from scene.vault import Vault

OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 255))


def test_without_a_key_one_is_made_that_nobody_else_reads(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret.key"
    vault = Vault(file)
    assert not file.exists()
    sealed = vault.seal(b"swordfish")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "swordfish" not in sealed[0]
    assert Vault(file).open(*sealed) == b"swordfish"


def test_threads_that_need_the_first_key_agree_on_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda _: Vault(tmp_path / "secret.key").seal(b"x"), range(40)))
    assert len({key_id for _, key_id in sealed}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_the_first_key_encrypts_and_all_of_them_decrypt(tmp_path: Path) -> None:
    before = Vault(tmp_path / "none", OLD).seal(b"x")
    both = Vault(tmp_path / "none", f"{NEW}, {OLD}")
    after = both.seal(b"x")
    assert both.open(*before) == both.open(*after) == b"x"
    assert Vault(tmp_path / "none", NEW.replace("+", "-").replace("/", "_")).open(*after) == b"x"
    assert not (tmp_path / "none").exists()


def test_moving_from_the_file_to_the_setting_loses_nothing(tmp_path: Path) -> None:
    file = tmp_path / "secret.key"
    before = Vault(file).seal(b"x")
    assert Vault(file, NEW).open(*before) == b"x"


def test_a_missing_key_says_what_to_do(tmp_path: Path) -> None:
    sealed = Vault(tmp_path / "none", OLD).seal(b"x")
    with pytest.raises(SecretUnreadable, match="SCENE_SECRET_KEY") as caught:
        Vault(tmp_path / "none", NEW).open(*sealed)
    assert sealed[1] in caught.value.message
    assert NEW not in caught.value.message


def test_what_was_changed_is_not_opened(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "none", OLD)
    text, key_id = vault.seal(b"x")
    with pytest.raises(SecretUnreadable, match="changed or damaged"):
        vault.open(text[:-4] + "AAA=", key_id)


@pytest.mark.parametrize(
    "key",
    ["short", base64.b64encode(b"only 16 bytes ..").decode(), "ä" * 44, f"{OLD},x"],
    ids=["short", "16 bytes", "no base64", "wrong second"],
)
def test_what_is_no_key_is_refused_without_being_shown(tmp_path: Path, key: str) -> None:
    with pytest.raises(SetupError, match="openssl rand") as caught:
        Vault(tmp_path / "none", key)
    assert key not in caught.value.message
