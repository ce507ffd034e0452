"""``make chaos``: both engines, 210 executions each, until every one has ended. Prints the numbers as JSON."""

import argparse
import json
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from scene.settings import load_settings
from tests.chaos.campaign import campaign
from tests.support.own_engine import own_engine


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--executions", type=int, default=210)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--docker", action="store_true", help="by containers, on one worker if there are several")
    asked = parser.parse_args()
    for name in ["sqlite", "postgresql"] if asked.engine == "both" else [asked.engine]:
        sys.stderr.write(f"{name}, seed {asked.seed}\n")
        with tempfile.TemporaryDirectory(prefix="scene-chaos-") as folder, ExitStack() as stack:
            engine = None
            if asked.docker:
                (machine := Path(folder, "engine")).mkdir()
                engine = stack.enter_context(own_engine(machine, load_settings().runner_image))
            numbers = campaign(
                Path(folder),
                shared_database=name == "postgresql",
                executions=asked.executions,
                seed=asked.seed,
                between=(2, 10),
                engine=engine,
            )
        sys.stdout.write(json.dumps({"engine": name, "docker": asked.docker, **numbers}) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
