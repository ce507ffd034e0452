"""Describing a site and running it, by clicking and typing alone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.site import Site


def _dialog(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _listens(page: Page) -> None:
    """Waits until what has just come is known to htmx: a key before does nothing."""
    expect(page.locator(".htmx-settling")).to_have_count(0)


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.live
def test_the_whole_story_from_an_empty_list(page: Page, site: Site, complaints: Complaints) -> None:
    page.goto("/projects")
    page.evaluate("window.untouched = true")
    _dialog(page, "New project")
    page.get_by_label("Name").fill("Web shop")
    page.get_by_label("Slug").fill("web-shop")
    page.get_by_label("Base URL").fill(site.url)
    _save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Web shop")

    page.get_by_role("link", name="Pages", exact=True).click()
    _dialog(page, "Create the first page")
    page.get_by_label("Name").fill("Front page")
    page.locator("#field-url").fill("/")
    _save(page)
    expect(page.get_by_role("rowheader")).to_contain_text("Front page")

    page.get_by_role("link", name="Tasks").click()
    _dialog(page, "Create the first task")
    page.locator("#field-name").fill("Wide")
    page.locator("#field-page_id").select_option("Front page")
    page.get_by_role("button", name="+ phone").click()
    rows = page.locator("[data-rows=viewports] [data-row]")
    expect(rows).to_have_count(2)
    expect(rows.nth(1).get_by_label("Width")).to_have_value("390")
    expect(page.get_by_text("= 2 pictures in 2 executions")).to_be_visible()
    rows.nth(1).get_by_role("button", name="Move up").click()
    expect(rows.nth(0).get_by_label("Width")).to_have_value("390")
    rows.nth(0).get_by_role("button", name="Remove").click()
    expect(page.get_by_text("= 1 picture in 1 execution")).to_be_visible()
    _save(page)
    expect(page.get_by_role("cell", name="chromium")).to_contain_text("1280x800@1")

    page.get_by_role("link", name="Batches").click()
    _dialog(page, "Create the first batch")
    page.get_by_label("Name").fill("Nightly")
    page.get_by_role("checkbox", name="Wide").check()
    _save(page)

    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("status").get_by_text("1 execution")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Baseline recording of Nightly")
    expect(page.locator(".scene-navbar [aria-current]")).to_have_text("Runs")
    expect(page.get_by_text("This recording became")).to_be_visible(timeout=30_000)
    assert page.evaluate("window.untouched"), "a page was loaded anew"
    assert (complaints.console, complaints.foreign, complaints.failed) == ([], [], [])

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Web shop")
    expect(page.get_by_role("link", name="Batches")).to_have_attribute("aria-current", "page")
    page.wait_for_load_state()  # it is loaded anew, and hears of the next step only then
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Baseline recording of Nightly")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Baseline recording of Nightly")


def test_bad_input_stays_in_the_dialog(page: Page) -> None:
    page.goto("/projects")
    _dialog(page, "New project")
    page.get_by_label("Name").fill("Shop")
    page.get_by_label("Slug").fill("Not a slug")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Slug")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Name")).to_have_value("Shop")
    page.get_by_label("Slug").fill("shop")
    _save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Shop")
    expect(page.get_by_text("The project Shop was created.")).to_be_visible()


def test_two_tabs_do_not_overwrite_each_other(page: Page, story: Story, browser: Browser, url: str) -> None:
    story.page(name="Front")
    address = f"{url}/projects/{story.project['id']}/pages"
    other = browser.new_page()
    for tab in (page, other):
        tab.goto(address)
        _dialog(tab, "Edit Front")
    other.get_by_label("Name").first.fill("Theirs")
    _save(other)
    page.get_by_label("Name").first.fill("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else saved this")
    expect(page.get_by_label("Name").first).to_have_value("Mine")
    page.get_by_role("button", name="Discard mine").click()
    expect(page.get_by_label("Name").first).to_have_value("Theirs")
    other.close()


def test_deleting_asks_and_empties_the_list(page: Page, story: Story) -> None:
    story.page(name="Front")
    page.goto(f"/projects/{story.project['id']}/pages")
    _dialog(page, "Delete Front")
    expect(page.get_by_role("dialog")).to_contain_text("cannot be undone")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("No pages yet")).to_be_visible()
    expect(page).to_have_url(re.compile("/pages$"))


def test_the_dialog_is_worked_by_keyboard(page: Page) -> None:
    page.goto("/projects")
    page.get_by_role("button", name="New project").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Shop")
    page.keyboard.press("Tab")
    page.keyboard.type("shop")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Shop")
    _listens(page)
    page.get_by_role("button", name="Edit Shop").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Edit Shop")).to_be_focused()


def test_what_is_saved_or_deleted_leaves_the_keyboard_where_it_was(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story.task()['project_id']}/tasks")
    story.task(name="Second")
    page.reload()
    edit = page.get_by_role("button", name="Edit Second")
    edit.evaluate("button => { button.dataset.old = true }")
    edit.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#field-name")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("[data-old]")).to_have_count(0)
    expect(page.get_by_role("button", name="Edit Second")).to_be_focused()
    page.get_by_role("button", name="Delete Second").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Edit Second")).to_have_count(0)
    expect(page.get_by_role("main")).to_be_focused()


def test_a_list_that_asks_for_news_leaves_the_keyboard_where_it_was(page: Page, story: Story) -> None:
    run = story.run(story.batch())
    page.goto("/runs")
    link = page.locator(f'a[href="/runs/{run["id"]}"]')
    link.focus()
    page.evaluate("document.activeElement.dataset.old = true")
    expect(page.locator("a[data-old]")).to_have_count(0)
    expect(link).to_be_focused()


@pytest.mark.live
def test_a_phone_needs_no_sideways_scrolling_on_any_tab(page: Page, story: Story) -> None:
    story.record(story.batch(story.task(name="A task with a rather long name " * 5), name="Batch" * 20))
    page.set_viewport_size({"width": 390, "height": 844})
    own = f"/projects/{story.project['id']}"
    for path in ("/projects", own, *(f"{own}/{tab}" for tab in ("pages", "tasks", "batches", "baselines", "runs"))):
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{path} is {width} px wide"


def test_actions_are_edited_in_rows_by_keyboard_and_as_json(page: Page, story: Story) -> None:
    task = story.task(name="Wide")
    page.goto(f"/projects/{story.project['id']}/tasks")
    _dialog(page, "Edit Wide")
    page.get_by_text("Actions and JavaScript").click()
    add = page.get_by_role("button", name="Add action")
    add.press("Enter")
    rows = page.locator("[data-rows=task_actions] [data-row]")
    expect(rows.nth(0).get_by_label("Action")).to_be_focused()
    rows.nth(0).get_by_role("textbox", name="Selector", exact=True).fill("#more")
    rows.nth(0).get_by_label("Action").select_option("Fill")
    expect(rows.nth(0).get_by_role("textbox", name="Selector", exact=True)).to_have_value("#more")
    rows.nth(0).get_by_label("Value").fill("shoes")
    add.press("Enter")
    rows.nth(1).get_by_label("Action").select_option("Wait")
    rows.nth(1).get_by_role("button", name="Move up").press("Enter")
    expect(rows.nth(0).get_by_role("button", name="Move up")).to_be_focused()
    page.get_by_role("button", name="Save").click()
    expect(rows.nth(0).get_by_label("Milliseconds")).to_have_attribute("aria-invalid", "true")
    _listens(page)
    rows.nth(0).get_by_label("Milliseconds").fill("20")
    page.get_by_role("button", name="Edit as JSON").press("Enter")
    expect(page.locator("textarea#field-task_actions")).to_have_value(re.compile('"ms": 20'))
    _listens(page)
    page.get_by_role("button", name="Edit in rows").press("Enter")
    expect(rows.nth(1).get_by_label("Value")).to_have_value("shoes")
    _save(page)
    wait, fill = story.get(f"/api/tasks/{task['id']}")["task_actions"]
    assert (wait["ms"], fill["selector"], fill["value"]) == (20, "#more", "shoes")


def test_code_is_written_in_an_editor_that_the_keyboard_can_leave(
    page: Page, story: Story, complaints: Complaints
) -> None:
    task = story.task(name="Wide")
    page.goto(f"/projects/{story.project['id']}/tasks")
    _dialog(page, "Edit Wide")
    page.get_by_text("Actions and JavaScript").click()
    editor = page.get_by_role("textbox", name="JavaScript")
    expect(editor).to_have_attribute("aria-multiline", "true")
    editor.press_sequentially("if (true) {")
    editor.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("done()")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    expect(page.locator("#field-task_js")).to_have_value("if (true) {\n    done()")
    policy = page.get_by_role("textbox", name="Comparison policy")
    policy.fill('{"pixel_tolerance": 7}')
    page.get_by_role("button", name="Save").click()
    expect(policy).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#field-policy-error")).to_contain_text("pixel_tolerance")
    policy.fill('{"pixel_tolerance": 0.2}')
    _save(page)
    saved = story.get(f"/api/tasks/{task['id']}")
    assert (saved["policy"]["pixel_tolerance"], saved["task_js"]) == (0.2, "if (true) {\n    done()")
    assert [line for line in complaints.console if "422" not in line] == []


def test_only_an_element_is_asked_for_what_elements_have(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story.task()['project_id']}/tasks")
    _dialog(page, "Edit Task")
    target = page.locator("[data-rows=targets] [data-row]").first
    expect(target.get_by_label("Selector")).to_have_count(0)
    target.get_by_label("Target").select_option("Element")
    page.get_by_role("button", name="Save").click()
    expect(target.get_by_text("an element target needs a selector")).to_be_visible()
    target.get_by_label("Selector").fill("h1")
    _save(page)
    (task,) = story.get(f"/api/projects/{story.project['id']}/tasks")["items"]
    assert [(each["kind"], each["selector"]) for each in task["targets"]] == [("element", "h1")]
    _dialog(page, "Edit Task")
    expect(target.get_by_label("Selector")).to_have_value("h1")
    target.get_by_label("Target").select_option("Full page")
    _save(page)
    (task,) = story.get(f"/api/projects/{story.project['id']}/tasks")["items"]
    assert [(each["kind"], each["selector"]) for each in task["targets"]] == [("full", None)]


@pytest.mark.live
def test_what_is_no_question_yet_is_not_asked(page: Page, story: Story) -> None:
    batch = story.batch(story.task(name="Chosen"), name="Nightly")
    story.task(name="Left out")
    story.record(batch)
    page.goto(f"/projects/{story.project['id']}/batches")
    _dialog(page, "Edit Nightly")
    chosen, left_out = (page.locator(".batch-tasks li").filter(has_text=name) for name in ("Chosen", "Left out"))
    expect(chosen.get_by_role("switch", name="Enabled")).to_be_visible()
    expect(left_out.get_by_role("switch", name="Enabled")).to_be_hidden()
    left_out.get_by_role("checkbox", name="Left out").check()
    expect(left_out.get_by_role("button", name="Move Left out up")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    _dialog(page, "Run")
    (baseline,) = story.get("/api/baselines", batch=batch["id"])["items"]
    page.get_by_label("Baseline", exact=True).select_option(baseline["id"])
    page.get_by_label("Record a baseline").check()
    expect(page.get_by_label("Baseline", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Baseline recording of Nightly")


def test_a_dialog_that_can_do_nothing_can_only_be_closed(page: Page) -> None:
    page.goto("/runs")
    _dialog(page, "New run")
    expect(page.locator(".modal-footer").get_by_role("button")).to_have_text(["Close"])
