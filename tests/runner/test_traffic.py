"""What is made of the requests that a browser tells of: made up here, since no test may change a machine's network."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest
from playwright.sync_api import Page

from scene_runner.traffic import Traffic
from scene_runner.watchdog import Watchdog


@dataclass(eq=False)
class Asked:
    """A request as far as Traffic looks at it."""

    resource_type: str
    failure: str | None
    frame: object
    url: str = "https://example.org/"

    def is_navigation_request(self) -> bool:
        return self.resource_type == "document"


class Heard:
    """A page as far as Traffic listens to it."""

    def __init__(self) -> None:
        self.main_frame = object()
        self.handlers: dict[str, Callable[[Any], None]] = {}

    def on(self, name: str, handler: Callable[[Any], None]) -> None:
        self.handlers[name] = handler

    def request(self, kind: str, failure: str | None = None) -> None:
        request = Asked(kind, failure, self.main_frame)
        self.handlers["request"](request)
        self.handlers["requestfailed" if failure else "requestfinished"](request)


@pytest.mark.parametrize(
    ("kind", "failure", "changed"),
    [
        ("image", "net::ERR_NETWORK_CHANGED", True),
        ("script", "net::ERR_NETWORK_CHANGED", True),
        ("ping", "net::ERR_NETWORK_CHANGED", False),
        ("image", "net::ERR_CONNECTION_RESET", False),
    ],
)
def test_what_a_change_of_the_network_broke_off_is_known_until_the_page_loads_anew(
    kind: str, failure: str, changed: bool
) -> None:
    page = Heard()
    with Watchdog(lambda reason, message: None).leash() as leash:
        traffic = Traffic(cast(Page, page), leash, 30)
        page.request("document")
        page.request(kind, failure)
        assert traffic.network_changed == changed
        page.request("document")
        assert not traffic.network_changed
