"""Where set-up works, what it has done before, and how it runs a command: bounded in time, quiet, and never asking."""

import contextlib
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
CACHE = ROOT / ".cache"
STAMPS = CACHE / "setup"
LOG = STAMPS / "log.txt"
REQUIREMENTS = ROOT / "requirements"

WAIT_FOR_ANOTHER_SECONDS = 1200


class SetupError(Exception):
    """One sentence: what is missing and how to get it."""


class CommandFailedError(SetupError):
    pass


def say(words: str) -> None:
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def digest(*paths: Path) -> str:
    """Of the names and contents of files; a folder stands for all files below it."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]:
            total.update(f"{file.relative_to(ROOT)}\0".encode())
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def once(name: str, key: str, *, still_there: Callable[[], bool], words: str, action: Callable[[], object]) -> bool:
    """Do something unless the same was done before and its outcome is still there; return whether it was done."""
    stamp = STAMPS / name
    if stamp.is_file() and stamp.read_text() == key and still_there():
        return False
    stamp.unlink(missing_ok=True)
    say(f"  {words} ...")
    action()
    stamp.write_text(key)
    return True


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One set-up at a time in a checkout: `make lint` and `make test` may be started together."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    give_up_at = time.monotonic() + WAIT_FOR_ANOTHER_SECONDS
    told = False
    with (STAMPS / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up_at:
                    raise SetupError("another set-up of this checkout has not ended for twenty minutes.") from None
                if not told:
                    say("  Waiting for another set-up of this checkout ...")
                    told = True
                time.sleep(0.2)
        yield


def surroundings() -> dict[str, str]:
    """The environment of every command: the caller's own, with caches inside the checkout and no questions asked."""
    environment = dict(os.environ)
    for name, value in {
        "PIP_CACHE_DIR": str(CACHE / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "UV_CACHE_DIR": str(CACHE / "uv"),
        "UV_PYTHON_DOWNLOADS": "never",
        "npm_config_cache": str(CACHE / "npm"),
        "npm_config_update_notifier": "false",
        "DEBIAN_FRONTEND": "noninteractive",
    }.items():
        environment.setdefault(name, value)
    if "SSL_CERT_FILE" in environment:
        environment.setdefault("NODE_EXTRA_CA_CERTS", environment["SSL_CERT_FILE"])
    environment["VIRTUAL_ENV"] = str(VENV)
    environment["PATH"] = os.pathsep.join([environment.get("PATH", os.defpath), str(VENV / "bin")])
    environment.pop("PYTHONHOME", None)
    return environment


def run(command: Sequence[str | Path], *, timeout_seconds: float, extra: Mapping[str, str] | None = None) -> str:
    """Run a command to its end and return what it said; its whole process group ends with it or with its time.

    It gets no terminal, so that nothing (sudo, npx, a login) can stop and ask. Raises CommandFailedError with the
    end of what it said; all of it is in .cache/setup/log.txt.
    """
    words = " ".join(str(part) for part in command).replace(f"{ROOT}/", "")
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env={**surroundings(), **(extra or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    STAMPS.mkdir(parents=True, exist_ok=True)
    try:
        output, _ = process.communicate(timeout=timeout_seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        raise CommandFailedError(f"`{words}` did not end within {timeout_seconds:.0f} s.") from None
    except KeyboardInterrupt:
        _end(process)
        raise
    with LOG.open("a") as log:
        log.write(f"\n$ {words}\n{output}\n= {process.returncode}\n")
    if process.returncode:
        end = "\n".join(f"    {line}" for line in output.strip().splitlines()[-25:])
        raise CommandFailedError(f"`{words}` failed ({process.returncode}):\n{end}")
    return output


def _end(process: "subprocess.Popen[str]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    if process.stdout:
        process.stdout.close()
