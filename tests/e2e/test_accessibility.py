"""No serious accessibility violation, as axe-core finds them, on any page, light and dark."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from scene.web.project_views import TABS
from tests.support.describe import Story
from tests.support.site import Site

AXE = (Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}}
Theme = Literal["light", "dark"]
both_themes = pytest.mark.parametrize("theme", ["light", "dark"])


def violations(page: Page) -> list[str]:
    """What is serious or critical, each with the elements that it concerns.

    Swagger UI is left out: its markup is its own, and has buttons in buttons.
    """
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({ exclude: '.swagger-ui' }, rules)", RULES)["violations"]
    return [
        f"{page.url} {each['id']}: {', '.join(node['html'][:160] for node in each['nodes'][:5])}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


@both_themes
@pytest.mark.live
def test_every_page_can_be_used_by_everybody(page: Page, story: Story, site: Site, theme: Theme) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colour is judged while it fades
    task = story.task(name="Front page")
    batch = story.batch(task)
    story.record(batch)
    site.pages["/"] = "<!doctype html><h1>Something else</h1>"
    run = story.compare(batch)
    project = f"/projects/{run['project_id']}"
    execution = f"/executions/{story.executions(run)[0]['id']}"
    tabs = [f"{project}/{tab}" for tab in TABS]
    story.client.post(f"/api/runs/{run['id']}/reviews", json={"decision": "approved"})
    promoted = story.post(f"/api/runs/{run['id']}/promote")["id"]
    found = []
    for path in (
        "/",
        "/projects",
        *tabs,
        "/runs",
        f"/runs/{run['id']}",
        f"/runs/{run['id']}/viewer",
        execution,
        f"/tasks/{task['id']}/history",
        f"/batches/{batch['id']}/history",
        f"/batches/{batch['id']}/baselines",
        f"/baselines/{promoted}",
        f"/baselines/{promoted}/compare",
        "/webhooks",
        "/audit",
        "/runs/unknown",
        "/docs",
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        found += violations(page)
    assert not found, "\n".join(found)


@both_themes
@pytest.mark.live
def test_every_dialog_can_be_used_by_everybody(page: Page, story: Story, theme: Theme) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colour is judged while it fades
    task = story.task(name="Front page")
    story.batch(task)
    story.client.patch(f"/api/projects/{task['project_id']}", json={"retention": {"runs": 5}})
    found = []
    for path, buttons in (
        ("/projects", ["New project"]),
        (f"/projects/{task['project_id']}/pages", ["New page"]),
        (f"/projects/{task['project_id']}/tasks", ["New task"]),
        (f"/projects/{task['project_id']}/batches", ["New batch"]),
        (f"/projects/{task['project_id']}/baselines", ["Import pictures"]),
        (f"/projects/{task['project_id']}/quarantines", ["Put something in quarantine"]),
        (f"/projects/{task['project_id']}", ["What would go now"]),
        ("/runs", ["Configuration", "New run"]),
    ):
        for name in buttons:
            page.goto(path)
            page.get_by_role("button", name=name).first.click()
            expect(page.get_by_role("dialog")).to_be_visible()
            found += violations(page)
    assert not found, "\n".join(found)
