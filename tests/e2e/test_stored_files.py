"""A stored file is what a captured page made of it: opened by its address, nothing of it runs."""

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Route

from scene.bootstrap import Scene
from tests.support.site import Site
from tests.support.stored import stored

pytestmark = pytest.mark.live

ACTS = "fetch('BEACON', {mode: 'no-cors'}); new Image().src = 'BEACON'; localStorage.acted = 1; alert(1)"
HTML = f'<!doctype html><title>Hostile</title><h1>Hostile</h1><img src=x onerror="{ACTS}"><script>{ACTS}</script>'
SVG = f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{ACTS}\"><script>{ACTS}</script></svg>"
DOWNLOADED = [("image/svg+xml", SVG), ("text/html", HTML), ("application/xhtml+xml", HTML), ("text/xml", SVG)]
SHOWN = [("text/plain", HTML), ("application/json", HTML), ("image/png", SVG), ("image/webp", HTML)]
"""What it is said to be, and what it is."""
FRAME = "(url) => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame) }"
NAMES = [
    'a"; filename="evil.html',
    "a\r\nX-Evil: 1.html",
    "žluť \U0001f600.html",
    "..\\..\\b.html",
    "a%0d%0aX-Evil: 1.html",
]


@pytest.fixture
def dialogs(page: Page) -> list[str]:
    heard: list[str] = []
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    return heard


def hostile(site: Site, text: str, beacon: str = "beacon") -> str:
    return text.replace("BEACON", f"{site.url}/{beacon}")


def nothing_acted(page: Page, site: Site, dialogs: list[str]) -> None:
    """The same bytes from a site act: once that is heard, what acted before it would have been heard too."""
    page.goto("/projects")
    assert page.evaluate("localStorage.acted") is None
    assert dialogs == []
    site.pages["/control"] = hostile(site, HTML, "control-beacon")
    with page.expect_response(f"{site.url}/control-beacon"):
        page.goto(f"{site.url}/control")
    assert "/control-beacon" in site.requests
    assert dialogs != []
    assert "/beacon" not in site.requests


@pytest.mark.parametrize(("media_type", "text"), DOWNLOADED)
def test_what_could_run_is_a_download(
    page: Page, scene: Scene, site: Site, dialogs: list[str], media_type: str, text: str
) -> None:
    file = stored(scene, "hostile.bin", media_type, hostile(site, text).encode())
    with page.expect_download() as downloading, pytest.raises(PlaywrightError, match="Download is starting"):
        page.goto(file.url)
    assert downloading.value.suggested_filename == "hostile.bin"
    nothing_acted(page, site, dialogs)


@pytest.mark.parametrize(("media_type", "text"), SHOWN)
def test_what_is_shown_is_not_taken_for_something_else(
    page: Page, scene: Scene, site: Site, dialogs: list[str], media_type: str, text: str
) -> None:
    file = stored(scene, "hostile.html", media_type, hostile(site, text).encode())
    answer = page.goto(file.url)
    assert answer is not None
    assert answer.headers["content-type"].startswith(media_type)
    assert page.get_by_role("heading", name="Hostile").count() == 0
    nothing_acted(page, site, dialogs)


@pytest.mark.parametrize(("media_type", "text"), [("text/html", HTML), ("image/svg+xml", SVG)])
def test_the_sandbox_holds_by_itself(
    page: Page, scene: Scene, site: Site, dialogs: list[str], media_type: str, text: str
) -> None:
    """As if the file were not a download, and of the type that it would like to have."""

    def unguarded(route: Route) -> None:
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "content-disposition"}
        route.fulfill(response=answer, headers=headers | {"content-type": media_type})

    file = stored(scene, "hostile.html", media_type, hostile(site, text).encode())
    page.route(f"**{file.url}", unguarded)
    page.goto(file.url)
    assert page.locator("h1, svg").count() == 1
    assert page.evaluate("self.origin") == "null"
    nothing_acted(page, site, dialogs)


def test_no_page_frames_a_stored_file(page: Page, scene: Scene, site: Site) -> None:
    """Not even as a picture of itself: a person would take what it shows for Scene's own."""
    file = stored(scene, "hostile.txt", "text/plain", b"Your session has ended.")
    page.goto("/projects")
    framed = page.evaluate(
        """(url) => new Promise((tell) => {
            const frame = document.createElement("iframe");
            frame.onload = () => tell(frame.contentDocument !== null);
            frame.src = url;
            document.body.append(frame);
        })""",
        file.url,
    )
    assert not framed
    assert "Your session" not in (page.frames[-1].locator("body").text_content() or "")


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename="evil.html',
        "a\r\nX-Evil: 1.html",
        "žluť \U0001f600.html",
        "..\\..\\b.html",
        "a%0d%0aX-Evil: 1.html",
    ],
)
def test_it_is_kept_under_a_name_and_nothing_else(page: Page, scene: Scene, name: str) -> None:
    file = stored(scene, name, "text/html", b"content")
    with page.expect_download() as downloading, pytest.raises(PlaywrightError, match="Download is starting"):
        page.goto(file.url)
    kept = downloading.value.suggested_filename
    assert kept
    assert not set(kept) & set("/\\\r\n\0")
    assert kept.startswith(("a", "žluť", "_"))
