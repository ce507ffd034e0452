"""A person's browser on the real interface."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from playwright.sync_api import Error as PlaywrightError

from scene.bootstrap import Scene
from scene.listening import listen
from scene.server import web_server

# What takes a moment on a quiet machine takes seconds beside the browsers of other tests.
expect.set_options(timeout=20_000)


@pytest.fixture
def url(scene: Scene) -> Iterator[str]:
    """Address of the running interface."""
    with listen(scene.settings.model_copy(update={"port": 0}), traces=True) as listeners:
        server = web_server(scene.services, scene.settings, listeners)
        thread = threading.Thread(target=server.run, kwargs={"sockets": listeners.sockets})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield listeners.url
        server.should_exit = True
        thread.join()


@dataclass
class Complaints:
    """What a browser had to say about the pages it showed."""

    console: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    """Requests that left Scene's own address."""
    failed: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.console.append(message.text)


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


def _once_more(navigate: Callable[..., Any]) -> Callable[..., Any]:
    """Other tests start containers meanwhile, and Chromium drops what is under way when an interface comes or goes."""

    def persistent(*args: Any, **options: Any) -> Any:
        try:
            return navigate(*args, **options)
        except PlaywrightError as error:
            if "ERR_NETWORK_CHANGED" not in error.message:
                raise
            return navigate(*args, **options)

    return persistent


@pytest.fixture
def page(browser: Browser, url: str, complaints: Complaints) -> Iterator[Page]:
    context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
    page = context.new_page()

    def watch(request: Request) -> None:
        if not request.url.startswith((url, "data:")):
            complaints.foreign.append(request.url)

    for name in ("goto", "reload"):
        setattr(page, name, _once_more(getattr(page, name)))
    page.on("console", complaints.hear)
    page.on("pageerror", lambda error: complaints.console.append(str(error)))
    page.on("request", watch)
    page.on("requestfailed", lambda request: complaints.failed.append(f"{request.url}: {request.failure}"))
    yield page
    context.close()
