"""Debian's and Ubuntu's packages, where we are root and so need not ask anybody."""

import os
import shutil

from place import run, say


def possible() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(package: str) -> None:
    """Raises CommandFailedError: no such package here, no network, another apt at work for minutes."""
    say(f"    apt-get install {package}")
    patience = ["-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30", "-o", "DPkg::Lock::Timeout=120"]
    run(["apt-get", *patience, "update", "-q"], timeout_seconds=300)
    run(["apt-get", *patience, "install", "-q", "-y", "--no-install-recommends", package], timeout_seconds=900)
