"""Compile the inner loops: ``python -m scene.imaging.build``. Without them Scene gives the same answers by numpy."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scene.imaging.compiled import LIBRARY, SOURCES, source_digest

COMPILERS = ("cc", "gcc", "clang")
# Not -march=native: the library may run on another machine than the one that made it, as in an image.
FLAGS = ("-std=c11", "-O3", "-ffp-contract=off", "-fno-math-errno", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror")
_SECONDS = 120


class BuildError(Exception):
    """One sentence: why the inner loops could not be compiled, and what to do."""


def build(library: Path = LIBRARY) -> Path:
    """Compile native/*.c to a shared library, which appears whole or not at all, and return its path.

    Raises BuildError when there is no C compiler, when it fails, or when the folder cannot be written to.
    """
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        names = ", ".join(COMPILERS)
        raise BuildError(f"No C compiler ({names}) is on the PATH; on Debian: apt-get install gcc libc6-dev.")
    try:
        with tempfile.TemporaryDirectory(prefix=".kernel-", dir=library.parent) as folder:
            made = Path(folder, library.name)
            digest = f'-DSCENE_SOURCE="{source_digest()}"'
            command = [compiler, *FLAGS, digest, *map(str, sorted(SOURCES.glob("*.c"))), "-o", str(made)]
            answer = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
            if answer.returncode:
                raise BuildError(f"{compiler} could not compile {SOURCES}:\n{answer.stderr.strip()}")
            made.replace(library)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildError(f"The inner loops could not be compiled: {error}.") from None
    return library


def main() -> None:
    try:
        path = build()
    except BuildError as error:
        sys.exit(str(error))
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
