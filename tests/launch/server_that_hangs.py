"""A server whose one page never ends, to be killed: ``python -m tests.launch.server_that_hangs URL FOLDER``."""

import sys
from pathlib import Path

from scene.launch.process import ProcessLauncher
from scene_runner.protocol import Json
from tests.runner.program import make_job


def say_when_it_hangs(event: Json) -> None:
    if event.get("step", {}).get("name") == "goto":
        print("hanging", flush=True)


if __name__ == "__main__":
    endless = make_job(sys.argv[1], Path(sys.argv[2]), task_js="for (;;);", script_timeout_ms=600_000)
    ProcessLauncher().run("chromium", endless, say_when_it_hangs)
