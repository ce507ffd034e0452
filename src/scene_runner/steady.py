"""A page that has the same time and the same random numbers each time."""

import json
from datetime import datetime
from pathlib import Path

from playwright.sync_api import BrowserContext

from scene_runner.protocol import CaptureJob

_SCRIPT = Path(__file__).with_name("steady.js").read_text(encoding="utf-8").partition("\n")[2].strip()


def hold_steady(context: BrowserContext, job: CaptureJob) -> None:
    """Give every frame the job's time and seed, before its own scripts.

    Workers keep their own: they start when Playwright lets them, and nobody else can make them wait.
    """
    if job.fixed_time is None and job.random_seed is None:
        return
    moment = None if job.fixed_time is None else round(datetime.fromisoformat(job.fixed_time).timestamp() * 1000)
    context.add_init_script(script=f"({_SCRIPT})({json.dumps({'fixedMs': moment, 'seed': job.random_seed})})")
