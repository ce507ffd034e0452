"""A person's browser on the real interface."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from scene.bootstrap import Scene
from scene.listening import listen
from scene.server import web_server
from scene_runner.failure import NETWORK_CHANGED
from tests.support.network import persistent

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
        if message.type in ("error", "warning") and NETWORK_CHANGED not in message.text:
            self.console.append(message.text)

    def note_failed(self, request: Request) -> None:
        if NETWORK_CHANGED not in str(request.failure):
            self.failed.append(f"{request.url}: {request.failure}")


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def page(browser: Browser, url: str, complaints: Complaints) -> Iterator[Page]:
    context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
    page = persistent(context.new_page())

    def watch(request: Request) -> None:
        if not request.url.startswith((url, "data:")):
            complaints.foreign.append(request.url)

    page.on("console", complaints.hear)
    page.on("pageerror", lambda error: complaints.console.append(str(error)))
    page.on("request", watch)
    page.on("requestfailed", complaints.note_failed)
    yield page
    context.close()
