"""Run the job's own scripts in the page."""

import re
from contextlib import suppress

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from scene_runner.failure import Failed, crash, plain
from scene_runner.lost import is_lost
from scene_runner.protocol import CaptureJob
from scene_runner.watchdog import Watchdog

_LATE = "scene: the script took too long"
# The page's own clock ends a script that only waits; the watchdog ends one that keeps the page busy. What is thrown
# comes back as a value: with an init script in its context, Firefox has no words for a promise that is rejected.
_WRAPPED = """async () => {
  const script = async () => {
%s
  };
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(%r)), %d); });
  try { await Promise.race([script(), late]); return null; }
  catch (thrown) { return String(thrown); }
  finally { clearTimeout(timer); }
}"""


def run_script(page: Page, name: str, body: str, job: CaptureJob, watchdog: Watchdog) -> None:
    """Run a function body that may await and return. Raises Failed("script") or Failed("timeout")."""
    timeout_ms = job.script_timeout_ms
    too_long = f"{name} did not end within {timeout_ms / 1000:g} s."
    try:
        with watchdog.limit(timeout_ms / 1000 + 0.5, too_long):
            thrown: str | None = page.evaluate(_WRAPPED % (body, _LATE, timeout_ms))
    except PlaywrightError as error:
        message = plain(error)
        if is_lost(page, error):
            raise crash(error) from error
        if "Execution context was destroyed" not in message:
            raise Failed("script", f"{name} failed: {_words(message)}") from error
        # The script sent the page elsewhere, by a click on a link for example: that is a way to end.
        with suppress(PlaywrightError):
            page.wait_for_load_state(job.wait_until, timeout=job.navigation_timeout_ms)
        return
    if thrown is not None and _LATE in thrown:
        raise Failed("timeout", too_long)
    if thrown is not None:
        raise Failed("script", f"{name} failed: {_words(thrown)}")


def _words(error: str) -> str:
    return re.sub("^syntax_error:", "SyntaxError:", error.removeprefix("Error: "))
