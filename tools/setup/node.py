"""What is built with Node: the front-end assets, and the reference implementation that some tests compare with."""

import json
import re
import shutil
from pathlib import Path

import python
from place import REQUIREMENTS, ROOT, VENV, CommandFailedError, SetupError, digest, once, run, say, surroundings

FRONTEND = ROOT / "frontend"
STATIC = ROOT / "src/scene/web/static"
PARITY = ROOT / "tests/parity"
OLDEST_NODE = 18


def frontend() -> bool:
    lock = digest(FRONTEND / "package-lock.json", FRONTEND / ".npmrc")
    sources = digest(FRONTEND / "src", FRONTEND / "build.mjs") + lock
    words = "Building the front-end assets"
    return once("frontend", sources, still_there=_built, words=words, action=lambda: _build(lock))


def _built() -> bool:
    try:
        manifest: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())
    except (OSError, ValueError):
        return False
    return all((STATIC / name).is_file() for name in manifest.values())


def _build(lock: str) -> None:
    _npm_ci(FRONTEND, lock)
    run([_tool("node"), FRONTEND / "build.mjs"], timeout_seconds=120)


def parity() -> bool:
    """Packages for the tests that compare our kernel with its original; only where that folder has a lock file."""
    if not (PARITY / "package-lock.json").is_file():
        return False
    return _npm_ci(PARITY, digest(PARITY / "package-lock.json"))


def _npm_ci(folder: Path, key: str) -> bool:
    """Install a folder's locked packages. None of their own scripts is run: they bring files, not programs."""
    name = folder.relative_to(ROOT)
    arguments: list[str | Path] = ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"]
    return once(
        f"npm-{folder.name}",
        key,
        still_there=(folder / "node_modules/.package-lock.json").exists,
        words=f"Installing the locked packages of {name}",
        action=lambda: run([_tool("npm"), *arguments], timeout_seconds=600),
    )


def _tool(name: str) -> str:
    """The path of node or npm: the system's where it is new enough, else those that a Python package brings."""
    if not _system_node():
        _install_node()
    path = shutil.which(name, path=surroundings()["PATH"])
    if path is None:
        raise SetupError(f"{name} was not found. Install Node.js {OLDEST_NODE} or newer with npm, then start again.")
    return path


def _system_node() -> bool:
    # Debian's nodejs comes without npm: the pair counts.
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return False
    try:
        version = re.match(r"v(\d+)\.", run([node, "--version"], timeout_seconds=30))
        run([npm, "--version"], timeout_seconds=60)
    except CommandFailedError:
        return False
    return version is not None and int(version[1]) >= OLDEST_NODE


def _install_node() -> None:
    lock = REQUIREMENTS / "node.txt"

    def install() -> None:
        say(f"    no Node.js {OLDEST_NODE} or newer with npm on the PATH: taking it from PyPI")
        python.install(lock)

    key = digest(lock) + python.identity()
    there = (VENV / "bin/npm").exists
    once("node", key, still_there=there, words="Installing Node.js into .venv", action=install)
