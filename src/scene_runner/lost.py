"""Whether a page is still there."""

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from scene_runner.failure import is_crash
from scene_runner.untraced import pause

_GOING_MS = 1_000
_FIRST_SAID = {"firefox": "Execution context was destroyed", "chromium": "Internal error"}
"""What a browser can say of a page before it says that the page is gone."""


def is_lost(page: Page, error: Exception) -> bool:
    """Whether an error means that the page's process is gone, or the whole browser.

    A Firefox whose page crashes ends as a whole, and begins by saying that the page has navigated. A Chromium whose
    page crashes while its picture is taken speaks of an internal error. What such a page is asked meanwhile is never
    answered, so it is left alone until it has either ended or gone on.
    """
    if is_crash(error):
        return True
    browser = page.context.browser
    first_said = _FIRST_SAID.get(browser.browser_type.name) if browser else None
    if first_said is None or first_said not in str(error):
        return False
    try:
        pause(page, _GOING_MS)
    except PlaywrightError as later:
        return is_crash(later)
    return False
