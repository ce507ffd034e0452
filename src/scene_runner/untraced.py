"""Deal with a document without its trace being told, which keeps two snapshots of the document for every call.

They take longer than most of Scene's own questions, and nobody looks for those in a trace. What a task asks for, its
actions and the selectors of its options, belongs there and goes by Playwright's public names. Playwright leaves out the
calls that it counts as its own, but has no public name for that: tests/runner/test_evidence.py tells when it changes.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from playwright.sync_api import Frame, Page


def ask(of: Page | Frame, script: str, argument: object = None) -> Any:
    """As Playwright's evaluate; argument and answer are JSON. Raises PlaywrightError."""
    frame: Any = (of.main_frame if isinstance(of, Page) else of)._impl_obj
    return _call(of, lambda: frame.evaluate(script, argument))


def pause(page: Page, milliseconds: float) -> None:
    """As Playwright's wait_for_timeout. Raises PlaywrightError when the page is lost."""
    impl: Any = page._impl_obj
    _call(page, lambda: impl.wait_for_timeout(milliseconds))


def _call(of: Any, call: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return of._sync(of._impl_obj._connection.wrap_api_call(call, is_internal=True))
