"""Trying a task with one click."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import Story


@pytest.mark.live
def test_a_task_is_tried_from_its_row(page: Page, story: Story, complaints: Complaints) -> None:
    task = story.task()
    page.goto(f"/projects/{story.project['id']}/tasks")
    page.get_by_role("button", name=f"Dry run of {task['name']}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Dry run of {task['name']}")
    expect(page.locator("#run")).not_to_have_attribute("hx-get", "", timeout=30_000)
    expect(page.locator(".picture-tile")).to_contain_text("No baseline", timeout=30_000)
    assert complaints == Complaints()


@pytest.mark.live
def test_what_a_task_lacks_is_said_where_the_reader_is(page: Page, story: Story) -> None:
    task = story.task(story.page("/{{path}}"))
    page.goto(f"/projects/{story.project['id']}/tasks")
    page.get_by_role("button", name=f"Dry run of {task['name']}").click()
    expect(page.locator(".toast")).to_contain_text("variables: gives no 'path'")
