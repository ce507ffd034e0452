"""The inner loops of the comparison, compiled where there is a C compiler. Without, numpy gives the same answers."""

import python
from place import LOG, ROOT, VENV, CommandFailedError, digest, once, run, say

IMAGING = ROOT / "src/scene/imaging"
COMMAND = (VENV / "bin/python", "-m", "scene.imaging.build")


def compiled() -> bool:
    key = digest(*sorted((IMAGING / "native").glob("*.[ch]")), IMAGING / "build.py") + python.identity()
    library = IMAGING / "_kernel.so"
    words = "Compiling the inner loops of the comparison"
    return once("kernel", key, still_there=library.is_file, words=words, action=_compile)


def _compile() -> None:
    try:
        run([*COMMAND], timeout_seconds=180)
    except CommandFailedError:
        say("    not possible here, so numpy does that work, with the same answers in more time.")
        say(f"    apt-get install gcc libc6-dev mends it on Debian (the reason is in {LOG.relative_to(ROOT)})")
