"""The whole story without a mouse: from nothing to a new baseline, with what changed looked at in every way."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.site import Site

LOOK = "<!doctype html><style>body{{margin:0}} div{{height:90px;background:{}}}</style><div></div><h1>Menu</h1>"
IS_FOCUSED = "element => element === document.activeElement"
MOST_STEPS = 120
MODES = {
    "s": "Baseline left, observed right",
    "o": "Observed over baseline",
    "f": re.compile("Baseline|Observed"),
    "b": "Baseline",
    "n": "Observed",
    "d": "Diff",
    "h": "Heatmap",
}
"""What each key of a mode shows in one pane."""


class Hands:
    """On a keyboard: Tab to get somewhere, then what is pressed there."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def reach(self, place: Locator) -> None:
        expect(place).to_be_visible()
        for _ in range(MOST_STEPS):
            if place.evaluate(IS_FOCUSED):
                return
            self._page.keyboard.press("Tab")
        raise AssertionError(f"{MOST_STEPS} times Tab did not lead to {place}")

    def press(self, name: str) -> None:
        """In the dialog, where one is open."""
        dialog = self._page.locator(".modal.show")
        within = dialog if dialog.count() else self._page.locator("main")
        self.reach(within.get_by_role("button", name=name).first)
        self._page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        self.reach(self._page.get_by_role("link", name=name, exact=True).first)
        self._page.keyboard.press("Enter")

    def open(self, button: str, heading: str) -> None:
        self.press(button)
        expect(self._page.get_by_role("dialog").get_by_role("heading", name=heading)).to_be_visible()

    def type(self, path: str, text: str) -> None:
        self.reach(self._page.locator(f"#field-{path}"))
        self._page.keyboard.press("Control+A")
        self._page.keyboard.type(text)

    def save(self) -> None:
        self.press("Save")
        expect(self._page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.live
def test_from_nothing_to_a_new_baseline_by_keyboard_alone(
    page: Page, story: Story, site: Site, complaints: Complaints
) -> None:
    hands = Hands(page)
    site.pages["/menu"] = LOOK.format("teal")
    describe(page, hands, site)
    run(page, hands, "Baseline recording")
    expect(page.get_by_text("This recording became")).to_be_visible(timeout=30_000)

    site.pages["/menu"] = LOOK.format("tomato")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("By keyboard")
    page.wait_for_load_state()  # it is loaded anew, and its buttons do nothing before
    run(page, hands, "Comparison")
    expect(page.get_by_text("1 to decide")).to_be_visible(timeout=30_000)
    look_in_every_mode(page, hands)
    with page.expect_response(re.compile("/review$")):
        page.keyboard.press("a")
    expect(page.get_by_text("1 approved")).to_be_visible()

    hands.press("Promote to baseline")
    expect(page.get_by_role("dialog").get_by_text("1 changed, 0 as before")).to_be_visible()
    hands.press("Promote")
    expect(page.get_by_text("A new baseline of the line main: 1 picture.")).to_be_visible()

    hands.open("Run against it", "Run Nightly")
    hands.press("Start")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Comparison of Nightly")
    expect(page.locator("#run-heading").get_by_text("Unchanged")).to_be_visible(timeout=30_000)
    assert (complaints.console, complaints.foreign) == ([], [])


def describe(page: Page, hands: Hands, site: Site) -> None:
    page.goto("/projects")
    hands.open("New project", "New project")
    for path, text in (("name", "By keyboard"), ("slug", "by-keyboard"), ("base_url", site.url)):
        hands.type(path, text)
    hands.save()
    hands.follow("Pages")
    hands.open("Create the first page", "New page")
    hands.type("name", "Menu")
    hands.type("url", "/menu")
    hands.save()
    hands.follow("Tasks")
    hands.open("Create the first task", "New task")
    hands.type("name", "Wide")
    hands.reach(page.locator("#field-page_id"))
    page.keyboard.type("Menu")
    hands.save()
    hands.follow("Batches")
    hands.open("Create the first batch", "New batch")
    hands.type("name", "Nightly")
    hands.reach(page.get_by_role("checkbox", name="Wide"))
    page.keyboard.press("Space")
    hands.save()


def run(page: Page, hands: Hands, purpose: str) -> None:
    """From the list of batches."""
    hands.open("Run", "Run Nightly")
    hands.press("Start")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{purpose} of Nightly")


def look_in_every_mode(page: Page, hands: Hands) -> None:
    hands.follow("View pictures")
    panes = page.locator(".viewer-stage figure")
    expect(panes).to_have_count(2)
    for key, shown in MODES.items():
        page.keyboard.press(key)
        expect(panes).to_have_count(1)
        expect(panes).to_contain_text(shown)
    page.keyboard.press("p")
    expect(panes).to_have_count(2)
    page.keyboard.press("j")
    expect(page.get_by_text(re.compile("^Region 1 of 1"))).to_have_count(1)
