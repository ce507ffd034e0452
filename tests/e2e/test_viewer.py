"""Looking at what changed: every mode and key, one address for all of it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.site import Site

PAGE = (
    "<!doctype html><style>body{{margin:0}} div{{height:80px;background:{}}} p{{height:1500px;margin:0}}</style>"
    "<div></div><p>Between.</p><div></div>"
)


def changed(story: Story, site: Site, *names: str) -> dict[str, Any]:
    """A comparison in which two regions of each task's long picture changed."""
    batch = story.batch(*(story.task(name=name) for name in names))
    site.pages["/"] = PAGE.format("teal")
    story.record(batch)
    site.pages["/"] = PAGE.format("tomato")
    run = story.compare(batch)
    assert run["summary"]["changed"] == len(names)
    return run


def picture(page: Page, label: str) -> Locator:
    return page.get_by_role("img", name=f"{label} picture of")


def look(page: Page, url: str) -> None:
    """Open a page with a viewer that listens."""
    page.goto(url)
    expect(page.get_by_role("group", name="Mode")).to_be_visible()


@pytest.mark.live
def test_every_mode_has_its_key(page: Page, story: Story, site: Site, complaints: Complaints) -> None:
    (execution,) = story.executions(changed(story, site, "Front page"))
    look(page, execution["url"])
    modes = {
        "s": ["Baseline", "Observed"],
        "o": ["Baseline", "Observed"],
        "f": ["Baseline", "Observed"],
        "d": ["Diff"],
        "h": ["Observed", "Heatmap"],
        "b": ["Baseline"],
        "n": ["Observed"],
        "p": ["Baseline", "Observed"],
    }
    for key, labels in modes.items():
        page.keyboard.press(key)
        if key == "f":
            page.keyboard.press(key)  # by hand: both can be seen in turn, and it stands still
        shown = page.locator(".viewer-layer").evaluate_all("images => images.map(image => image.alt.split(' ')[0])")
        assert shown == labels, f"{key} shows {shown}"
        for label in labels:
            image = page.get_by_alt_text(f"{label} picture of")  # also the one that is away while they flicker
            expect(image).to_have_js_property("naturalWidth", 640)
    assert complaints == Complaints()


@pytest.mark.live
def test_what_is_looked_at_is_in_the_address(page: Page, story: Story, site: Site) -> None:
    (execution,) = story.executions(changed(story, site, "Front page"))
    look(page, f"{execution['url']}?mode=diff")
    page.keyboard.press("1")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(r"at=\d+,1\d\d\d&mode=diff&zoom=pixels$"))
    kept, place = page.url, page.locator(".viewer-scroll").evaluate("scroll => scroll.scrollTop")
    assert place > 0
    page.reload()
    expect(picture(page, "Diff")).to_be_visible()
    page.get_by_role("link", name="Runs", exact=True).first.click()
    page.go_back()
    expect(picture(page, "Diff")).to_be_visible()
    expect(page.locator(".viewer-scroll")).to_have_js_property("scrollTop", place)
    assert page.url == kept


@pytest.mark.live
def test_both_pictures_scroll_and_zoom_in_step(page: Page, story: Story, site: Site) -> None:
    (execution,) = story.executions(changed(story, site, "Front page"))
    look(page, execution["url"])
    page.keyboard.press("1")
    page.keyboard.press("+")
    baseline, observed = page.locator(".viewer-scroll").all()
    observed.evaluate("scroll => scroll.scrollTo(40, 700)")
    expect(baseline).to_have_js_property("scrollTop", 700)
    expect(baseline).to_have_js_property("scrollLeft", 40)
    for label in ("Baseline", "Observed"):
        assert picture(page, label).evaluate("image => image.width") == 960


@pytest.mark.live
def test_the_arrows_go_on_in_the_same_mode(page: Page, story: Story, site: Site) -> None:
    first, second = story.executions(changed(story, site, "One", "Two"))
    look(page, f"{first['url']}?mode=slider&zoom=fit")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"{second['url']}.*mode=slider&zoom=fit"))
    expect(page.get_by_role("group", name="Mode")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(f"{first['url']}.*mode=slider&zoom=fit"))


@pytest.mark.live
def test_a_sheet_lists_the_keys(page: Page, story: Story, site: Site) -> None:
    (execution,) = story.executions(changed(story, site, "Front page"))
    look(page, execution["url"])
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys of the viewer")
    expect(sheet.get_by_role("row", name="H Heatmap")).to_be_visible()
    page.keyboard.press("h")
    expect(picture(page, "Heatmap")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("h")
    expect(picture(page, "Heatmap")).to_be_visible()


@pytest.mark.live
def test_the_pictures_of_a_run_follow_each_other_without_loading_a_page(page: Page, story: Story, site: Site) -> None:
    run = changed(story, site, "One", "Two")
    page.goto(f"/runs/{run['id']}")
    page.get_by_role("link", name="View pictures").click()
    expect(page.get_by_role("img", name="Observed picture of One")).to_be_visible()
    page.evaluate("window.untouched = true")
    page.keyboard.press("d")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("img", name="Diff picture of Two")).to_be_visible()
    second = story.executions(run)[1]
    expect(page).to_have_url(re.compile(f"execution={second['id']}.*mode=diff"))
    assert page.evaluate("window.untouched")
    page.reload()
    expect(page.get_by_role("img", name="Diff picture of Two")).to_be_visible()


@pytest.mark.live
def test_what_changed_comes_first_and_the_rest_can_be_asked_for(page: Page, story: Story, site: Site) -> None:
    batch = story.batch(story.task(story.page("/same"), name="Same"), story.task(name="Other"))
    site.pages["/same"], site.pages["/"] = "<h1>Same</h1>", "<h1>Before</h1>"
    story.record(batch)
    site.pages["/"] = "<h1>After, and longer</h1>"
    run = story.compare(batch)
    look(page, f"/runs/{run['id']}/viewer")
    options = page.get_by_label("Picture", exact=True).locator("option")
    expect(options).to_have_text([re.compile("1 / 1 · Other.*changed")])
    page.get_by_role("link", name="All").click()
    expect(options).to_have_text([re.compile("Other.*changed"), re.compile("Same.*unchanged")])


@pytest.mark.live
def test_the_loupe_tells_both_colours_of_a_pixel(page: Page, story: Story, site: Site) -> None:
    (execution,) = story.executions(changed(story, site, "Front page"))
    look(page, f"{execution['url']}?zoom=pixels&at=100,0")
    page.keyboard.press("l")
    loupe = page.get_by_role("group", name="Pixel loupe")
    picture(page, "Observed").hover(position={"x": 30, "y": 78})
    expect(loupe.locator("code")).to_have_text(["#008080", "#ff6347"])
    expect(loupe).to_contain_text("different colours")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowDown")
    expect(loupe.locator("code")).to_have_text(["#ffffff", "#ffffff"])
    expect(loupe).to_contain_text("the same colour")
