"""Get rid of what is in the way: cookie banners, chat widgets and the like."""

from collections import Counter
from contextlib import suppress
from typing import Literal

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame, Page

from scene_runner.failure import Failed, crash, is_crash, plain
from scene_runner.protocol import Dismissal, Intervention

_CLICK_TIMEOUT_MS = 1_000
# Out of the layout and not out of the document: scripts that built an element may still look for it.
_REMOVE = """elements => elements.filter(each => getComputedStyle(each).display !== 'none')
  .map(each => each.style.setProperty('display', 'none', 'important')).length"""
_MOVED_ON = ("Execution context was destroyed", "Frame was detached", "Cannot find context", "navigat")
_DONE: dict[str, Literal["clicked", "removed"]] = {"click": "clicked", "remove": "removed"}


class Dismissing:
    """What one page's project wants out of the way, and what was."""

    def __init__(self, page: Page, dismissals: list[Dismissal]) -> None:
        self._page = page
        self._dismissals = dismissals
        self._done: Counter[Dismissal] = Counter()

    @property
    def any(self) -> bool:
        return bool(self._dismissals)

    def apply(self) -> str:
        """Dismiss what is there now, in every frame: what that was, as a remark, or nothing.

        Raises Failed("selector") for what is no selector.
        """
        before = self._done.copy()
        for dismissal in self._dismissals:
            for frame in self._page.frames:
                self._done[dismissal] += self._in_frame(frame, dismissal)
        return ", ".join(
            f"{_DONE[dismissal.action]} {dismissal.selector} ({count})"
            for dismissal, count in (self._done - before).items()
        )

    def interventions(self) -> list[Intervention]:
        return [
            Intervention(_DONE[dismissal.action], dismissal.selector, "dismissals", count)
            for dismissal, count in self._done.items()
            if count
        ]

    def _in_frame(self, frame: Frame, dismissal: Dismissal) -> int:
        """How many elements were dismissed."""
        try:
            matching = frame.locator(dismissal.selector)
            if dismissal.action == "remove":
                removed: int = matching.evaluate_all(_REMOVE)
                return removed
            visible = matching.filter(visible=True)
            if not visible.count():
                return 0
            try:
                visible.first.click(timeout=_CLICK_TIMEOUT_MS, no_wait_after=True)
            except PlaywrightError as error:
                if is_crash(error):
                    raise
                with suppress(PlaywrightError):  # something covers it, or it moves: its page does not mind
                    visible.first.dispatch_event("click", timeout=_CLICK_TIMEOUT_MS)
        except PlaywrightError as error:
            if is_crash(error):
                raise crash(error) from error
            if frame.is_detached() or any(sign in str(error) for sign in _MOVED_ON):
                return 0
            said = plain(error).removeprefix("Error: ")
            raise Failed("selector", f"Dismissals: {dismissal.selector} is not a selector: {said}.") from error
        return 1
