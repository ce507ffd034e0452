"""Make this checkout ready to run: `make setup`, or `python3 tools/setup` where there is no make.

Each step is skipped when a stamp in .cache/setup says that its inputs have not changed, so a second set-up takes a
moment. Nothing is written outside the checkout but the browser. All words go to stderr, so that a command that
sets up first (`make demo ARGS="--once --json"`) keeps its own stdout clean.

Standard library only: this runs before any dependency exists, and its first lines on any Python 3.
"""

# ruff: noqa: E402  (the version of Python is judged before anything is imported that needs it)

import os
import shutil
import subprocess
import sys

NEEDED = (3, 11)


def use_a_newer_python() -> None:
    """Start again with the newest Python on the PATH, or stop with a sentence."""
    for minor in range(20, NEEDED[1] - 1, -1):
        newer = shutil.which("python3." + str(minor))
        # A version manager's wrapper may be on the PATH without the version.
        if newer and subprocess.call([newer, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606  (no shell is wanted)
    found = ".".join(str(number) for number in sys.version_info[:2])
    sys.exit(
        "Scene needs Python 3.11 or newer; this is " + found + ". Install one, or name it: make PYTHON=/path/python3"
    )


if sys.version_info < NEEDED:
    use_a_newer_python()

import argparse
import time

import browser
import kernel
import node
import python
from place import SetupError, alone, say


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools/setup", description="Make this checkout ready to run.")
    parser.add_argument("--without-browser", action="store_true", help="what linting and type checking need, no more")
    arguments = parser.parse_args()
    started = time.monotonic()
    try:
        with alone():
            worked = python.environment()
            worked |= python.packages()
            worked |= python.scene()
            worked |= kernel.compiled()
            worked |= node.frontend()
            worked |= node.parity()
            if not arguments.without_browser:
                worked |= browser.chromium()
    except SetupError as error:
        say(f"Set-up stopped: {error}")
        return 1
    except KeyboardInterrupt:
        say("Set-up was interrupted; the next one goes on from here.")
        return 130
    if worked:
        say(f"Ready ({time.monotonic() - started:.0f} s).")
    return 0


sys.exit(main())
