"""What the documentation and the lock files claim is so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
GUIDES = ("README.md", "CONTRIBUTING.md")
PYTHON_LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
NPM_LOCKS = sorted(path for path in ROOT.glob("*/**/package-lock.json") if "node_modules" not in path.parts)
ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links|--trusted-host| @ ")


def commands_of(guide: str) -> set[str]:
    """Make targets named in code: ``make a b ARGS=...``."""
    text = (ROOT / guide).read_text()
    code = re.findall(r"`(make [^`]+)`|^\$ (make .+)$", text, re.MULTILINE)
    words = (
        word for inline, line in code for word in re.sub(r'ARGS="[^"]*"', "", inline or line).split("#")[0].split()
    )
    return {word for word in words if word != "make" and "=" not in word}


@pytest.mark.parametrize("guide", GUIDES)
def test_every_make_command_of_a_guide_exists(guide: str) -> None:
    commands = commands_of(guide)
    assert commands
    assert commands <= TARGETS


@pytest.mark.parametrize("guide", GUIDES)
def test_every_scene_command_of_a_guide_exists(guide: str) -> None:
    for command in re.findall(r"scene (\w+)(?=`|$)", (ROOT / guide).read_text(), re.MULTILINE):
        program = Path(sys.executable).with_name("scene")
        said = subprocess.run([program, command, "--help"], check=False, capture_output=True, text=True)
        assert said.returncode == 0, f"{guide}: scene {command}: {said.stderr}"


def test_help_lists_every_target() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make (\w+)", listed, re.MULTILINE)) == TARGETS
    assert set(re.findall(r"\w+", re.search(r"^\.PHONY:(.*)$", MAKEFILE, re.MULTILINE)[1])) >= TARGETS


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda lock: lock.name)
def test_python_locks_have_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert not ADDRESS.search(text)
    for requirement in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[\w.-]+==\S+", requirement), requirement.splitlines()[0]
        assert "--hash=sha256:" in requirement, requirement.splitlines()[0]


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda lock: lock.parent.name)
def test_npm_locks_have_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert '"integrity"' in text
    assert '"resolved"' not in text
    assert not ADDRESS.search(text)


def test_the_runtime_lock_is_a_part_of_the_developers() -> None:
    pinned = [
        set(re.findall(r"^\S+==\S+.*?(?= \\)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("runtime.txt", "dev.txt")
    ]
    assert pinned[0] <= pinned[1]


def test_the_changelog_has_a_place_for_the_next_change() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_every_link_resolves_and_the_index_is_complete() -> None:
    command = [sys.executable, "tools/docs.py"]
    check = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert check.returncode == 0, check.stderr


def test_decision_records_say_context_decision_and_consequences() -> None:
    records = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        assert re.findall(r"^## (.+)$", record.read_text(), re.MULTILINE) == ["Context", "Decision", "Consequences"]
