"""Whether a page is still there."""

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from scene_runner.failure import is_crash

_GOING_MS = 1_000
_CONTEXT_GONE = "Execution context was destroyed"


def is_lost(page: Page, error: Exception) -> bool:
    """Whether an error means that the page's process is gone, or the whole browser.

    A Firefox whose page crashes ends as a whole, and begins by saying that the page has navigated. What a page is asked
    meanwhile is never answered, so it is left alone until it has either ended or gone on.
    """
    if is_crash(error):
        return True
    browser = page.context.browser
    if _CONTEXT_GONE not in str(error) or browser is None or browser.browser_type.name != "firefox":
        return False
    try:
        page.wait_for_timeout(_GOING_MS)
    except PlaywrightError as later:
        return is_crash(later)
    return False
