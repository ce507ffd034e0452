"""A project with 2,000 pages."""

from scene.bootstrap import Scene
from scene.domain.catalog import PageDraft, TaskDraft
from scene.domain.viewport import Viewport
from tests.contract.store.world import ANN
from tests.support.describe import Story

PAGES = 2_000


def tasks_of_new_pages(scene: Scene, project_id: str) -> list[dict[str, str]]:
    made = []
    for number in range(PAGES):
        page = scene.services.pages.create(project_id, PageDraft(name=f"Page {number}", url=f"/{number}"), ANN)
        sizes = [Viewport(width=640, height=480)]
        draft = TaskDraft(name=f"Task of {number}", page_id=page.id, viewports=sizes)
        made.append({"id": scene.services.tasks.create(project_id, draft, ANN).id})
    return made


def test_2000_pages_in_one_project(scene: Scene, story: Story) -> None:
    tasks = tasks_of_new_pages(scene, story.project["id"])
    seen: list[str] = []
    cursor: dict[str, str] = {}
    slices = 0
    while True:
        slices += 1
        found = story.get(f"/api/projects/{story.project['id']}/pages", limit=100, **cursor)
        seen += [page["url"] for page in found["items"]]
        if found["next_cursor"] is None:
            break
        cursor = {"cursor": found["next_cursor"]}
    assert slices == PAGES / 100
    assert seen == [f"/{number}" for number in reversed(range(PAGES))]
    run = story.run(story.batch(*tasks), "baseline_recording")
    assert run["summary"]["total"] == PAGES
    shown = story.client.get(run["url"]).text
    assert shown.count("picture-tile-name") < 200, "a page of the run, not all of it"
    assert "Task of 0" in shown
