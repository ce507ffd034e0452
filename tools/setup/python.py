"""The virtual environment and what is installed in it: locked by hash, from wherever this machine takes packages."""

import importlib.util
import sys
from pathlib import Path

import apt
from place import LOG, REQUIREMENTS, ROOT, STAMPS, VENV, CommandFailedError, SetupError, digest, once, run, say

PYTHON = VENV / "bin/python"
UV = VENV / "bin/uv"
UV_LOCK = REQUIREMENTS / "uv.txt"
LOCKS = (REQUIREMENTS / "dev.txt", REQUIREMENTS / "build.txt")
INSTALL_SECONDS = 1200
# Left where uv could not reach what pip can (an index set for pip only), so that its time-outs are paid once.
UV_FAILED = STAMPS / "uv-failed"


def identity() -> str:
    """Changes when the environment is made anew: everything installed in it is then gone."""
    configuration = VENV / "pyvenv.cfg"
    return f"{configuration.stat().st_mtime_ns} {configuration.read_text()}" if configuration.is_file() else ""


def environment() -> bool:
    # The key is constant: an environment that works is kept, whatever Python this script happens to run on.
    words = f"Making .venv with Python {sys.version_info[0]}.{sys.version_info[1]}"
    return once("environment", str(VENV), still_there=PYTHON.exists, words=words, action=_make_environment)


def _make_environment() -> None:
    if _works():
        return
    if importlib.util.find_spec("ensurepip") is None:
        _get_ensurepip()
    # Not .venv's own Python, should that be the one that runs this: it would pull the chair from under itself.
    base: str = getattr(sys, "_base_executable", sys.executable)
    run([base, "-m", "venv", "--clear", VENV], timeout_seconds=180)


def _works() -> bool:
    if not PYTHON.exists():
        return False
    try:
        run([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], timeout_seconds=30)
        run([PYTHON, "-m", "pip", "--version"], timeout_seconds=60)
    except CommandFailedError:
        return False
    return True


def _get_ensurepip() -> None:
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    sentence = (
        f"this Python cannot make virtual environments (its module ensurepip is missing). On Debian and Ubuntu:\n"
        f"    sudo apt-get install {package}\n  then start again."
    )
    if not apt.possible():
        raise SetupError(sentence)
    try:
        apt.install(package)
    except CommandFailedError as error:
        raise SetupError(f"{sentence}\n{error}") from error


def packages() -> bool:
    key = digest(UV_LOCK, *LOCKS) + identity()
    words = "Installing the locked Python packages"
    return once("packages", key, still_there=lambda: True, words=words, action=lambda: install(*LOCKS))


def install(*locks: Path) -> None:
    """uv is some twenty times faster; pip is the fallback, for it may know an index that uv was not told of."""
    files = [part for lock in locks for part in ("--requirement", str(lock))]
    _install(["--require-hashes", *files])


def _install(arguments: list[str]) -> None:
    if UV_FAILED.exists():
        _pip(arguments)
        return
    try:
        if not UV.exists():
            _pip(["--require-hashes", "--requirement", str(UV_LOCK)])
        run([UV, "pip", "install", "--python", PYTHON, *arguments], timeout_seconds=INSTALL_SECONDS)
    except CommandFailedError as error:
        say(f"    uv could not; trying pip, which takes longer (the reason is in {LOG.relative_to(ROOT)})")
        with LOG.open("a") as log:
            log.write(f"{error}\n")
        UV_FAILED.touch()
        _pip(arguments)


def _pip(arguments: list[str]) -> None:
    run([PYTHON, "-m", "pip", "install", "--quiet", *arguments], timeout_seconds=INSTALL_SECONDS)


def scene() -> bool:
    """The package itself, as editable: its sources are used where they are."""
    key = digest(ROOT / "pyproject.toml") + identity()
    arguments = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    still_there = (VENV / "bin/scene").exists
    return once("scene", key, still_there=still_there, words="Installing scene", action=lambda: _install(arguments))
