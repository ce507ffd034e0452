"""Masks, from a task's policy to verdicts, sentences and baselines."""

from typing import Any

import pytest

from tests.support.describe import Story
from tests.support.site import Site

pytestmark = pytest.mark.live

CLOCK = {"selector": ".clock"}


def page(time: str, banner: str = "") -> str:
    rows = "".join(f"<p>Paragraph number {number} of the text.</p>" for number in range(20))
    return (
        "<!doctype html><meta charset=utf-8><style>body{margin:20px;font:16px sans-serif}"
        f".clock{{width:200px;height:40px}}</style>{banner}<h1>News</h1><div class=clock>{time}</div>{rows}"
    )


def task(story: Story, *masks: dict[str, Any], **fields: object) -> dict[str, Any]:
    return story.task(policy={"masks": list(masks)}, **fields)


def only(story: Story, run: dict[str, Any]) -> dict[str, Any]:
    (screenshot,) = story.screenshots(story.executions(run)[0])
    return screenshot


def test_what_changes_under_a_mask_is_unchanged(story: Story, site: Site) -> None:
    site.pages["/"] = page("10:00")
    batch = story.batch(task(story, CLOCK, {"rectangle": {"x": 0, "y": 0, "width": 10, "height": 10}}))
    recorded = story.record(batch)
    site.pages["/"] = page("11:11")
    run = story.compare(batch)
    screenshot = only(story, run)
    (comparison,) = screenshot["comparisons"]
    assert (run["verdict"], run["passed"]) == ("unchanged", True)
    masked = sum(area["width"] * area["height"] for mask in screenshot["masks"] for area in mask["areas"])
    assert (comparison["stats"]["masked_pixels"], masked) == (masked, pytest.approx(8_100, abs=200))
    assert comparison["sentence"] == f"Identical outside the masked {masked:,} px."
    assert [mask["mask"]["selector"] for mask in screenshot["masks"]] == [".clock", None]
    assert [len(mask["areas"]) for mask in screenshot["masks"]] == [1, 1]
    (item,) = story.get(f"/api/baselines/{recorded['baseline_id']}/items")["items"]
    assert item["masks"] == screenshot["masks"]


def test_a_clock_that_ticks_under_a_mask_is_stable_and_unchanged(story: Story, site: Site) -> None:
    ticking = "<script>setInterval(() => { document.querySelector('.clock').textContent = Math.random(); }, 5)</script>"
    site.pages["/"] = page(ticking)
    batch = story.batch(task(story, CLOCK))
    story.record(batch)
    run = story.compare(batch)
    assert (run["verdict"], only(story, run)["unstable"]) == ("unchanged", False)


def test_a_banner_above_a_masked_clock_is_the_only_change(story: Story, site: Site) -> None:
    site.pages["/"] = page("10:00")
    batch = story.batch(task(story, CLOCK))
    story.record(batch)
    site.pages["/"] = page("11:11", "<div style='height:60px;background:gold'>New</div>")
    stats = only(story, story.compare(batch))["comparisons"][0]["stats"]
    assert (stats["aligned"], stats["residual_pixels"], stats["shift_rows"] >= 60) == (True, 0, True)
    assert stats["changed_pixels"] == stats["shift_rows"] * 640


def test_rectangles_follow_the_scale_factor(story: Story, site: Site) -> None:
    site.pages["/"] = page("10:00")
    viewports = [{"width": 640, "height": 480, "device_scale_factor": 2}]
    rectangle = {"rectangle": {"x": 20, "y": 75, "width": 200, "height": 60}}
    batch = story.batch(task(story, rectangle, viewports=viewports))
    story.record(batch)
    site.pages["/"] = page("11:11")
    run = story.compare(batch)
    assert run["verdict"] == "unchanged"
    assert only(story, run)["masks"][0]["areas"] == [{"x": 40, "y": 150, "width": 400, "height": 120}]


def test_a_mask_that_the_baseline_was_recorded_without_is_taken_from_the_observed_picture(
    story: Story, site: Site
) -> None:
    site.pages["/"] = page("10:00")
    described = task(story)
    batch = story.batch(described)
    story.record(batch)
    story.client.patch(f"/api/tasks/{described['id']}", json={"policy": {"masks": [CLOCK]}})
    site.pages["/"] = page("11:11")
    run = story.compare(batch)
    (comparison,) = only(story, run)["comparisons"]
    assert (run["verdict"], comparison["masks"][0]["taken_from"]) == ("unchanged", "observed")
    assert "The baseline was captured without the mask .clock" in comparison["sentence"]


def test_a_masked_element_that_is_gone_is_a_change(story: Story, site: Site) -> None:
    site.pages["/"] = page("10:00")
    batch = story.batch(task(story, CLOCK))
    story.record(batch)
    site.pages["/"] = page("").replace("class=clock", "style='height:40px;background:red'")
    assert story.compare(batch)["verdict"] == "changed"


def test_the_reference_page_is_masked_where_it_has_the_element(story: Story, site: Site) -> None:
    site.pages |= {"/": page("10:00"), "/live": page("11:11")}
    described = task(story, CLOCK, page=story.page("/", reference_url="/live"))
    execution = story.executions(story.compare(story.batch(described)))[0]
    assert execution["reference_differs"] is False


def test_a_partial_recording_keeps_where_masks_were(story: Story, site: Site) -> None:
    site.pages["/"] = page("10:00")
    first, second = task(story, CLOCK), story.task()
    batch = story.batch(first, second)
    story.record(batch)
    part = story.record(batch, task_ids=[second["id"]])
    items = story.get(f"/api/baselines/{part['baseline_id']}/items")["items"]
    assert sorted(len(item["masks"]) for item in items) == [0, 1]
    site.pages["/"] = page("11:11")
    assert only(story, story.compare(batch, task_ids=[first["id"]]))["verdict"] == "unchanged"


@pytest.mark.parametrize(
    ("masks", "field"),
    [
        ([CLOCK, {}], "policy.masks[1]"),
        ([{"selector": ".a", "rectangle": {"width": 1, "height": 1}}], "policy.masks[0]"),
        ([{"selector": " "}], "policy.masks[0].selector"),
        ([{"rectangle": {"x": -1, "width": 1, "height": 1}}], "policy.masks[0].rectangle.x"),
        ([{"rectangle": {"width": 1}}], "policy.masks[0].rectangle.height"),
        ([CLOCK, CLOCK], "policy"),
    ],
)
def test_a_wrong_mask_is_named_with_its_place(story: Story, masks: list[dict[str, Any]], field: str) -> None:
    body = {"name": "It", "page_id": story.page()["id"], "viewports": [{"width": 100, "height": 100}]}
    response = story.client.post(f"/api/projects/{story.project['id']}/tasks", json=body | {"policy": {"masks": masks}})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
