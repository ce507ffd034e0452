"""What the viewer does beyond looking: align both pages, try another tolerance, draw a mask."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.describe import Story
from tests.support.site import Site

PAGE = (
    "<!doctype html><style>body{{margin:0}} div{{height:80px}} .banner{{background:navy}} .box{{background:{}}}</style>"
    "{}<h1>Heading</h1><div class=box></div><p>Below.</p>"
)
BANNER = "<div class=banner></div>"


def compared(story: Story, site: Site, before: str, after: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The task, and its execution in which ``after`` was seen in the place of ``before``."""
    task = story.task(name="Front page")
    batch = story.batch(task)
    site.pages["/"] = before
    story.record(batch)
    site.pages["/"] = after
    (execution,) = story.executions(story.compare(batch))
    return task, execution


def look(page: Page, url: str) -> None:
    """Open a page with a viewer that listens."""
    page.goto(url)
    expect(page.get_by_role("group", name="Mode")).to_be_visible()


def saved_policy(story: Story, task: dict[str, Any]) -> dict[str, Any]:
    policy: dict[str, Any] = story.get(f"/api/tasks/{task['id']}")["policy"]
    return policy


@pytest.mark.live
def test_both_pages_are_aligned_by_the_rows_that_came(page: Page, story: Story, site: Site) -> None:
    _, execution = compared(story, site, PAGE.format("teal", ""), PAGE.format("teal", BANNER))
    look(page, f"{execution['url']}?zoom=pixels")
    expect(page.locator(".viewer-pane").first.locator("div.viewer-layer")).to_have_count(0)
    page.keyboard.press("v")
    before, now = page.locator(".viewer-pane").all()
    expect(before.get_by_role("img", name="Baseline picture")).to_have_css("top", "80px")
    expect(now.get_by_role("img", name="Observed picture")).to_have_css("top", "0px")
    expect(before.locator(".viewer-inserted")).to_have_attribute("height", "80")
    expect(page).to_have_url(re.compile(r"\?align=1&zoom=pixels"))
    page.reload()
    expect(page.get_by_role("button", name="Align")).to_have_attribute("aria-pressed", "true")


@pytest.mark.live
def test_a_band_is_marked_in_the_half_that_has_it(page: Page, story: Story, site: Site) -> None:
    _, execution = compared(story, site, PAGE.format("teal", ""), PAGE.format("teal", BANNER))
    look(page, f"{execution['url']}?mode=slider&zoom=fit")
    before, now = page.locator(".viewer-inserted").all()
    assert (before.get_attribute("height"), now.get_attribute("height")) == ("0.01", "80")
    page.locator(".viewer-mix input").fill("30")
    clipped = [band.locator("..").evaluate("svg => svg.style.clipPath") for band in (before, now)]
    assert clipped == ["inset(0px 30% 0px 0px)", "inset(0px 0px 0px 70%)"]
    look(page, f"{execution['url']}?mode=onion&zoom=fit")
    page.locator(".viewer-mix input").fill("25")
    shares = [
        band.locator("..").evaluate("svg => svg.style.opacity") for band in page.locator(".viewer-inserted").all()
    ]
    assert shares == ["0.75", "0.25"]


@pytest.mark.live
def test_a_band_is_marked_while_its_picture_shows(page: Page, story: Story, site: Site) -> None:
    _, execution = compared(story, site, PAGE.format("teal", ""), PAGE.format("teal", BANNER))
    page.emulate_media(reduced_motion="reduce")
    look(page, f"{execution['url']}?mode=flicker&zoom=fit")
    before, now = page.locator(".viewer-inserted").all()
    expect(now).to_have_css("visibility", "visible")
    expect(before).to_have_css("visibility", "hidden")


ROOM_LEFT = """choice => {
  const style = getComputedStyle(choice);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const room = choice.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return Math.ceil(room) - pen.measureText(choice.selectedOptions[0].text.trim()).width;
}"""


@pytest.mark.live
def test_the_choice_of_a_picture_shows_its_label_whole(page: Page, story: Story, site: Site) -> None:
    _, execution = compared(story, site, PAGE.format("teal", ""), PAGE.format("teal", BANNER))
    look(page, f"/runs/{execution['run_id']}/viewer")
    choice = page.get_by_label("Picture", exact=True)
    expect(choice.locator("option")).to_have_text([re.compile("1 / 1 · Front page · changed .* %")])
    assert choice.evaluate(ROOM_LEFT) >= 0
    page.set_viewport_size({"width": 390, "height": 844})
    buttons = [page.get_by_role("button", name=f"{which} picture") for which in ("Previous", "Next")]
    tops = {button.bounding_box()["y"] for button in buttons}
    assert len(tops) == 1, "on a phone, too, the choice is one row"


@pytest.mark.live
def test_the_loupe_compares_what_is_aligned(page: Page, story: Story, site: Site) -> None:
    _, execution = compared(story, site, PAGE.format("teal", ""), PAGE.format("teal", BANNER))
    look(page, f"{execution['url']}?zoom=pixels&align=1&mode=observed")
    page.keyboard.press("l")
    observed = page.locator(".viewer-canvas")
    observed.hover(position={"x": 600, "y": 90})
    expect(page.get_by_role("group", name="Pixel loupe")).to_contain_text("the same colour")
    observed.hover(position={"x": 600, "y": 40})
    expect(page.locator("[data-loupe-colour]")).to_have_text(["no such row", "#000080"])


@pytest.mark.live
def test_another_tolerance_is_tried_and_saved_to_the_task(page: Page, story: Story, site: Site) -> None:
    task, execution = compared(story, site, PAGE.format("#008080", ""), PAGE.format("#00a0a0", ""))
    look(page, execution["url"])
    page.keyboard.press("t")
    told = page.locator("[data-trial-told]")
    expect(told).to_have_text("as the run compared")
    slider = page.get_by_role("slider", name=re.compile("Tolerance"))
    expect(slider).to_be_focused()
    slider.fill("0.4")
    expect(told).to_have_text("Unchanged: 0 pixels, 0.00 %")
    expect(page).to_have_url(re.compile(r"mode=diff&tolerance=0\.4"))
    page.locator("[data-viewer-trial]").get_by_role("button", name="Save to the task").click()
    expect(page.locator(".toast")).to_contain_text("has the tolerance 0.4 now")
    assert saved_policy(story, task)["pixel_tolerance"] == 0.4


@pytest.mark.live
def test_a_mask_is_drawn_with_the_mouse(page: Page, story: Story, site: Site) -> None:
    task, execution = compared(story, site, PAGE.format("teal", ""), PAGE.format("tomato", ""))
    look(page, f"{execution['url']}?zoom=pixels&mode=observed")
    page.keyboard.press("x")
    _drag(page, page.locator(".viewer-canvas"), (10, 20), (110, 70))
    expect(page.locator(".viewer-new-mask")).to_have_attribute("width", "100")
    page.get_by_role("form", name="New mask").get_by_role("button", name="Save to the task").click()
    expect(page.locator(".toast")).to_contain_text("masks this area now")
    assert [mask["rectangle"] for mask in saved_policy(story, task)["masks"]] == [
        {"x": 10, "y": 20, "width": 100, "height": 50}
    ]
    expect(page.locator(".viewer-planned")).to_have_count(1)


@pytest.mark.live
def test_a_changed_region_is_masked_by_keyboard(page: Page, story: Story, site: Site) -> None:
    task, execution = compared(story, site, PAGE.format("teal", ""), PAGE.format("tomato", ""))
    look(page, execution["url"])
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_label("Height")).to_have_value("80")
    page.get_by_label("Width").fill("0")
    page.keyboard.press("Enter")
    page.get_by_label("Width").fill("640")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("masks this area now")
    (mask,) = saved_policy(story, task)["masks"]
    assert (mask["rectangle"]["width"], mask["rectangle"]["height"]) == (640, 80)


def _drag(page: Page, canvas: Locator, start: tuple[int, int], end: tuple[int, int]) -> None:
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + start[0], box["y"] + start[1])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0], box["y"] + end[1])
    page.mouse.up()


@pytest.mark.live
def test_a_saved_mask_is_applied_to_the_run_from_the_viewer(page: Page, story: Story, site: Site) -> None:
    batch = story.batch(story.task())
    site.pages["/"] = "<!doctype html><style>body{margin:0} div{height:80px;background:teal}</style><div></div>"
    story.record(batch)
    site.pages["/"] = site.pages["/"].replace("teal", "tomato")
    run = story.compare(batch)
    page.goto(f"/runs/{run['id']}/viewer")
    expect(page.get_by_role("button", name="Compare this run again")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_role("button", name="Save to the task").click()
    page.get_by_role("button", name="Compare this run again").click()
    expect(page.get_by_text("Compared again")).to_be_visible()
    assert story.get(f"/api/runs/{run['id']}")["verdict"] == "unchanged"


@pytest.mark.live
def test_keys_count_on_a_slider_and_again_when_a_field_is_left(page: Page, story: Story, site: Site) -> None:
    _, execution = compared(story, site, PAGE.format("teal", ""), PAGE.format("tomato", ""))
    look(page, f"{execution['url']}?mode=slider")
    slider = page.locator(".viewer-mix input")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("mix=49"))
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile("mode=diff"))
    comment = page.get_by_label("Comment on the decision")
    comment.focus()
    page.keyboard.type("as wanted")
    page.keyboard.press("Escape")
    expect(comment).not_to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_text("as wanted", exact=True)).to_be_visible()
    (shot,) = story.screenshots(execution)
    assert (shot["review"]["decision"], shot["review"]["comment"]) == ("approved", "as wanted")
