"""Set-up: each step once, every command bounded, and not a word on stdout."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """tools/setup/place.py, working in a folder of this test."""
    monkeypatch.syspath_prepend(str(ROOT / "tools/setup"))
    monkeypatch.delitem(sys.modules, "place", raising=False)
    import place  # noqa: PLC0415 - a script's folder, on the path for this test only

    stamps = tmp_path / "stamps"
    stamps.mkdir()
    monkeypatch.setattr(place, "ROOT", tmp_path)
    monkeypatch.setattr(place, "STAMPS", stamps)
    monkeypatch.setattr(place, "LOG", stamps / "log.txt")
    return place


def test_a_step_is_done_once_until_its_inputs_change(place: ModuleType) -> None:
    done: list[str] = []

    def step(key: str) -> bool:
        return place.once("step", key, still_there=lambda: True, words="Doing", action=lambda: done.append(key))

    assert [step("a"), step("a"), step("b")] == [True, False, True]
    assert done == ["a", "b"]


def test_a_step_is_done_again_when_its_outcome_is_gone(place: ModuleType) -> None:
    done: list[str] = []
    for there in (True, False, True):
        place.once("step", "a", still_there=lambda there=there: there, words="Doing", action=lambda: done.append("x"))
    assert len(done) == 2


def test_a_step_that_failed_is_tried_again(place: ModuleType) -> None:
    def fail() -> None:
        raise place.SetupError("no")

    with pytest.raises(place.SetupError):
        place.once("step", "a", still_there=lambda: True, words="Doing", action=fail)
    assert place.once("step", "a", still_there=lambda: True, words="Doing", action=lambda: None)


def test_the_digest_sees_names_and_contents(place: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    (folder / "a").write_text("1")
    before = place.digest(folder)
    (folder / "a").rename(folder / "b")
    renamed = place.digest(folder)
    (folder / "b").write_text("2")
    assert len({before, renamed, place.digest(folder)}) == 3


def test_a_command_that_hangs_is_ended_with_everything_it_started(place: ModuleType) -> None:
    with pytest.raises(place.CommandFailedError, match="did not end within"):
        place.run(["sh", "-c", "sleep 60 & sleep 60"], timeout_seconds=0.5)


def test_a_command_that_fails_says_why(place: ModuleType) -> None:
    with pytest.raises(place.CommandFailedError, match="no such mirror"):
        place.run(["sh", "-c", "echo no such mirror; exit 3"], timeout_seconds=30)


def test_a_command_cannot_ask_anybody(place: ModuleType) -> None:
    assert place.run(["sh", "-c", "read answer; echo got:$answer"], timeout_seconds=30).strip() == "got:"


def test_set_up_words_go_to_stderr_only(place: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    place.once("step", "a", still_there=lambda: True, words="Doing", action=lambda: place.say("    a detail"))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "  Doing ...\n    a detail\n"
