"""Decide by keyboard, promote, and what two people at once see."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.site import Site

PAGE = "<!doctype html><style>body{{margin:0}} div{{height:{}px;background:{}}}</style><div></div><p>Between.</p>"
KINDS = {"/a": (80, "tomato"), "/b": (120, "gold"), "/c": (60, "navy")}


def listening(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("group", name="Mode")).to_be_visible()


@pytest.mark.live
def test_a_run_is_reviewed_by_keyboard_and_promoted(
    page: Page, story: Story, site: Site, complaints: Complaints
) -> None:
    """30 executions, 12 of them changed, in 3 kinds: under 30 keys and clicks from the run to the new baseline."""
    viewports = [{"width": width, "height": 300} for width in (300, 340, 380, 420)]
    paths = [*KINDS, "/d", "/e", "/f", "/g"]
    tasks = [story.task(story.page(path), viewports=viewports) for path in paths]
    tasks.append(story.task(story.page("/h"), viewports=viewports[:2]))
    for path in [*paths, "/h"]:
        site.pages[path] = PAGE.format(*(KINDS.get(path, (90, "teal"))[0], "teal"))
    batch = story.batch(*tasks)
    story.wait(story.run(batch, "baseline_recording"), 300)
    for path, look in KINDS.items():
        site.pages[path] = PAGE.format(*look)
    run = story.wait(story.run(batch), 300)
    assert (run["summary"]["total"], run["summary"]["changed"]) == (30, 12)
    listening(page, f"/runs/{run['id']}/viewer")
    for left in range(11, -1, -1):
        with page.expect_response(re.compile("/review$")):
            page.keyboard.press("a")
        expect(page.locator("[data-decision=pending]")).to_have_count(left)
    page.goto(run["url"])
    page.get_by_role("button", name="Promote to baseline").click()
    page.get_by_role("button", name="Promote", exact=True).click()
    expect(page.get_by_text("A new baseline of the line main: 30 pictures.")).to_be_visible()
    page.wait_for_url("**/baselines/*")
    page.goto(run["url"])
    page.get_by_role("button", name="Promote to baseline").click()
    expect(page.get_by_text("there is nothing to promote.")).to_be_visible()
    expect(page.locator(".modal-footer").get_by_role("button")).to_have_text(["Close"])
    again = story.wait(story.run(batch), 300)
    assert (again["verdict"], again["passed"]) == ("unchanged", True)
    assert complaints.console == []


@pytest.mark.live
def test_two_people_review_the_same_run(page: Page, browser: Browser, url: str, story: Story, site: Site) -> None:
    batch = story.batch(story.task(name="First"), story.task(name="Second"))
    site.pages["/"] = PAGE.format(80, "teal")
    story.record(batch)
    site.pages["/"] = PAGE.format(80, "tomato")
    run = story.compare(batch)
    context = browser.new_context(base_url=url)
    other = context.new_page()
    for each in (page, other):
        listening(each, f"/runs/{run['id']}/viewer")
    with page.expect_response(re.compile("/review$")):
        page.keyboard.press("r")
    expect(page.locator("[data-decision=rejected]")).to_have_count(1)
    other.keyboard.press("a")
    expect(other.get_by_text(re.compile("rejected it first"))).to_be_visible()
    expect(other.locator("[data-decision=rejected]")).to_have_count(1)
    assert story.get(f"/api/runs/{run['id']}")["reviews"] == {"pending": 1, "approved": 0, "rejected": 1}
    context.close()


@pytest.mark.live
def test_the_rest_is_approved_on_the_dashboard_and_taken_back(page: Page, story: Story, site: Site) -> None:
    batch = story.batch(story.task(), story.task())
    site.pages["/"] = PAGE.format(80, "teal")
    story.record(batch)
    site.pages["/"] = PAGE.format(80, "tomato")
    run = story.compare(batch)
    page.goto(run["url"])
    panel = page.get_by_role("region", name="Review")
    panel.get_by_role("button", name="Approve the rest").click()
    expect(panel).to_contain_text("0 to decide · 2 approved")
    panel.get_by_role("button", name="Undo").click()
    expect(panel).to_contain_text("2 to decide · 0 approved")


@pytest.mark.live
def test_an_execution_and_the_same_change_are_decided_by_one_key_each(page: Page, story: Story, site: Site) -> None:
    targets = [{"kind": "full"}, {"kind": "element", "selector": "div"}]
    batch = story.batch(story.task(name="Both", targets=targets), story.task(name="Same"), story.task(name="Other"))
    site.pages["/"] = PAGE.format(80, "teal")
    story.record(batch)
    site.pages["/"] = PAGE.format(80, "tomato")
    run = story.compare(batch)
    listening(page, f"/runs/{run['id']}/viewer")
    expect(page.locator("[data-review][data-decision=pending]")).to_have_count(4)
    pending = page.locator("[data-review][data-decision=pending]")
    for key in ("e", "g", "g"):
        before = pending.count()
        if before:
            page.keyboard.press(key)
            expect(pending).not_to_have_count(before)
    expect(pending).to_have_count(0)
    panel = page.get_by_role("region", name="Review")
    expect(panel).to_contain_text("0 to decide · 4 approved")
    page.locator("[data-viewer-notes]:visible").get_by_role("button", name="More").click()
    page.get_by_role("button", name="Take back all that was decided with this").click()
    expect(page.locator("[data-review][data-decision=pending]")).not_to_have_count(0)


@pytest.mark.live
def test_a_variation_is_accepted_beside_the_picture_and_is_unchanged_then(
    page: Page, story: Story, site: Site, complaints: Complaints
) -> None:
    batch = story.batch(story.task())
    site.pages["/"] = PAGE.format(80, "teal")
    story.record(batch)
    site.pages["/"] = PAGE.format(80, "tomato")
    run = story.compare(batch)
    listening(page, f"/executions/{story.executions(run)[0]['id']}")
    page.keyboard.press("y")
    expect(page.get_by_text("accepted as an alternative by")).to_be_visible()
    page.goto(run["url"])
    page.get_by_role("button", name="Promote to baseline").click()
    page.get_by_role("button", name="Promote", exact=True).click()
    expect(page.get_by_role("link", name="this alternative")).to_be_visible()
    for colour in ("teal", "tomato"):
        site.pages["/"] = PAGE.format(80, colour)
        assert story.compare(batch)["verdict"] == "unchanged", colour
    assert complaints.console == []


@pytest.mark.live
def test_an_old_run_is_decided_on_only_where_the_warning_was_shown(page: Page, story: Story, site: Site) -> None:
    batch = story.batch(story.task())
    site.pages["/"] = PAGE.format(80, "teal")
    story.record(batch)
    site.pages["/"] = PAGE.format(80, "tomato")
    old = story.compare(batch)
    own = f"/executions/{story.executions(old)[0]['id']}"
    listening(page, own)
    story.compare(batch)
    page.keyboard.press("a")
    expect(page.locator(".toast")).to_contain_text("a newer run")
    assert story.get(f"/api/runs/{old['id']}")["reviews"]["pending"] == 1, "without a warning nothing is decided"
    page.goto(old["url"])
    expect(page.get_by_role("note").first).to_contain_text("A newer run")
    listening(page, own)
    expect(page.get_by_role("note").first).to_contain_text("A newer run")
    with page.expect_response(re.compile("/review$")):
        page.keyboard.press("a")
    expect(page.locator("[data-review][data-decision=approved]")).to_have_count(1)


@pytest.mark.live
def test_it_says_why_it_was_compared_with_this_baseline(page: Page, story: Story) -> None:
    batch = story.batch(story.task())
    recorded = story.record(batch)
    run = story.compare(batch, line="branch", parent_line="main")
    for address in (f"/runs/{run['id']}/viewer", f"/executions/{story.executions(run)[0]['id']}"):
        page.goto(address)
        page.get_by_text("Why this baseline?").click()
        expect(
            page.get_by_text("The line branch had none yet: it was the latest of its parent line main.")
        ).to_be_visible()
        baseline = page.get_by_role("link", name="The baseline", exact=True)
        expect(baseline).to_have_attribute("href", f"/baselines/{recorded['baseline_id']}")
