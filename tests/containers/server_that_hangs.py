"""A server whose one page never ends, to be killed: ``python -m ... URL FOLDER OWNER``."""

import sys
from dataclasses import replace
from pathlib import Path

from scene_runner.protocol import Json
from tests.runner.program import make_job
from tests.support.engine import container_engine


def say_when_it_hangs(event: Json) -> None:
    if event.get("step", {}).get("name") == "goto":
        print("hanging", flush=True)


if __name__ == "__main__":
    endless = make_job(sys.argv[1], Path(sys.argv[2]), wait_before_capture_ms=600_000, execution_timeout_ms=900_000)
    with container_engine() as containers:
        launcher = containers.launcher(owner=sys.argv[3], instance="one")
        launcher.run("chromium", replace(endless, id="endless"), say_when_it_hangs)
