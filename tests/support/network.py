"""Pages of tests beside which others start containers: Chromium then drops what is under way."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from scene_runner.failure import NETWORK_CHANGED


def persistent(page: Page) -> Page:
    """The page, which navigates again where the network has changed, be it while Chromium was about to show that."""
    for name in ("goto", "reload"):
        setattr(page, name, _persistent(page, getattr(page, name)))
    return page


def _persistent(page: Page, navigate: Callable[..., Any]) -> Callable[..., Any]:
    def persistent(*args: Any, **options: Any) -> Any:
        until = time.monotonic() + 10
        while True:
            try:
                return navigate(*args, **options)
            except PlaywrightError as error:
                signs = (NETWORK_CHANGED, "chrome-error:")
                if time.monotonic() > until or not any(sign in error.message for sign in signs):
                    raise
                page.wait_for_timeout(200)

    return persistent
