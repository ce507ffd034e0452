"""What is never a baseline, and what is never passed."""

import pytest

from tests.support.describe import Story
from tests.support.site import Site

pytestmark = pytest.mark.live

SPECK = "<!doctype html><div style='position:absolute;left:9px;top:9px;width:3px;height:3px;background:red'></div>"


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("", 200, "blank"),
        (SPECK, 200, "blank"),
        ("<h1>Out of order</h1>", 503, "status"),
        ("<h1>Gone</h1>", 404, "status"),
    ],
)
def test_a_blank_page_and_an_error_page_never_become_a_baseline(
    story: Story, site: Site, body: str, status: int, reason: str
) -> None:
    site.pages["/bad"], site.statuses["/bad"] = body, status
    batch = story.batch(story.task(), story.task(story.page("/bad")))
    run = story.record(batch)
    assert (run["baseline_id"], run["summary"]["failed"]) == (None, 1)
    assert [execution["reason"] for execution in story.executions(run)] == [None, reason]
    assert story.get("/api/baselines", batch=batch["id"])["items"] == []


def test_a_capture_that_failed_is_neither_unchanged_nor_passed(story: Story, site: Site) -> None:
    site.pages["/bad"] = "<h1>Well</h1>"
    batch = story.batch(story.task(), story.task(story.page("/bad")))
    story.record(batch)
    site.statuses["/bad"] = 500
    run = story.compare(batch)
    assert (run["verdict"], run["passed"], run["level"]) == ("unchanged", False, "none")
    failed = story.executions(run)[1]
    assert (failed["status"], failed["verdict"], failed["level"]) == ("failed", None, None)


def test_a_run_in_which_nothing_was_compared_is_not_passed(story: Story) -> None:
    run = story.compare(story.batch())
    assert (run["verdict"], run["passed"], run["level"]) == ("no_baseline", False, None)


def test_the_same_change_on_several_pages_is_told_and_listed(story: Story, site: Site) -> None:
    header = "<!doctype html><style>body{{margin:0}}</style><div style='height:40px;background:{}'></div><h1>{}</h1>"
    names = ("One", "Two", "Three")
    for name in names:
        site.pages[f"/{name}"] = header.format("navy", name)
    batch = story.batch(*(story.task(story.page(f"/{name}")) for name in names))
    story.record(batch)
    for name in names[:2]:
        site.pages[f"/{name}"] = header.format("crimson", name)
    site.pages["/Three"] = header.format("navy", "Four")
    run = story.compare(batch)
    one, two, three = (story.screenshots(execution)[0] for execution in story.executions(run))
    assert (one["same_change_count"], two["same_change_count"], three["same_change_count"]) == (1, 1, 0)
    assert one["sentence"].endswith("The same change as 1 other of this run.")
    listed = story.get(f"/api/runs/{run['id']}/screenshots", change=one["change_fingerprint"])["items"]
    assert {shot["id"] for shot in listed} == {one["id"], two["id"]}


def test_another_renderer_is_named_part_by_part(story: Story) -> None:
    batch = story.batch()
    item = story.get(f"/api/baselines/{story.record(batch)['baseline_id']}/items")["items"][0]
    fields = ("browser", "engine", "version", "platform", "host", "fonts_sha256", "device_scale_factor", "flags")
    assert [name for name in fields if not item["renderer"][name]] == []
    (execution,) = story.executions(story.compare(batch))
    assert execution["renderer_differs"] is False
    (comparison,) = story.screenshots(execution)[0]["comparisons"]
    assert comparison["against_renderer"] == item["renderer"]
