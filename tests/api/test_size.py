"""A project with 2,000 pages."""

from tests.support.describe import Story

PAGES = 2_000


def test_2000_pages_in_one_project(story: Story) -> None:
    tasks = [story.task(story.page(f"/{number}"), name=f"Task of {number}") for number in range(PAGES)]
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
