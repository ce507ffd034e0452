"""``scene doctor`` says what is missing and whether Scene can run."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scene.cli import app
from scene.imaging import compiled


def doctor(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *arguments], env=environment)


def states(result: Result) -> dict[str, tuple[str, str]]:
    return {check["name"]: (check["state"], check["detail"]) for check in json.loads(result.stdout)["checks"]}


def test_a_machine_with_everything_is_ready(tmp_path: Path) -> None:
    result = doctor("--json", SCENE_DATA_DIR=str(tmp_path / "data"))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["ready"] is True
    assert not (tmp_path / "data").exists()


def test_which_kernel_compares_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(doctor("--json", SCENE_DATA_DIR=str(tmp_path)))["comparison"] == ("ok", "compiled: _kernel.so")
    monkeypatch.setattr(compiled, "LIBRARY", tmp_path / "none.so")
    loops, state = compiled.load()
    monkeypatch.setattr(compiled, "LOOPS", loops)
    monkeypatch.setattr(compiled, "STATE", state)
    result = doctor("--json", SCENE_DATA_DIR=str(tmp_path))
    assert result.exit_code == 0
    assert states(result)["comparison"][0] == "optional"
    assert "python -m scene.imaging.build" in states(result)["comparison"][1]


def test_the_table_says_whether_scene_can_run(tmp_path: Path) -> None:
    result = doctor(SCENE_DATA_DIR=str(tmp_path))
    assert "Scene can run here." in result.stdout


def test_a_browser_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = doctor("--json", SCENE_DATA_DIR=str(tmp_path), SCENE_CHROMIUM=str(tmp_path / "none"))
    assert result.exit_code == 3
    state, detail = states(result)["chromium"]
    assert state == "missing"
    assert str(tmp_path / "none") in detail


def test_a_data_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = doctor("--json", SCENE_DATA_DIR=str(tmp_path / "file" / "data"))
    assert result.exit_code == 3
    assert states(result)["data folder"][0] == "missing"


def test_a_wrong_setting_is_a_sentence(tmp_path: Path) -> None:
    result = doctor("--json", SCENE_DATA_DIR=str(tmp_path), SCENE_PORT="many")
    assert result.exit_code == 3
    assert "SCENE_PORT" in states(result)["settings"][1]


def test_no_secret_is_shown(tmp_path: Path) -> None:
    shown = doctor(
        "--json",
        SCENE_DATA_DIR=str(tmp_path),
        SCENE_DATABASE_URL="postgresql://scene:hunter2@127.0.0.1:9/scene",
        SCENE_ARTIFACTS_URL="s3://id:k3y@bucket/prefix?token=k3y",
    )
    assert "hunter2" not in shown.stdout
    assert "k3y" not in shown.stdout
    assert states(shown)["database"][0] == "missing"
