"""Very tall pages, from capture to verdict."""

import pytest

from tests.support.describe import Story
from tests.support.site import Site

pytestmark = pytest.mark.live

PAGE = (
    "<!doctype html><style>body{{margin:0}}</style>"
    "<div style='height:{rows}px;background:linear-gradient(red,blue)'></div><h1 style='height:100px'>{word}</h1>"
)


def test_a_change_at_the_end_of_60000_px_is_found_there(story: Story, site: Site) -> None:
    site.pages["/"] = PAGE.format(rows=59_857, word="Before")
    batch = story.batch()
    recorded = story.record(batch)
    (item,) = story.get(f"/api/baselines/{recorded['baseline_id']}/items")["items"]
    assert item["picture"]["height"] == pytest.approx(60_000, abs=5)
    site.pages["/"] = PAGE.format(rows=59_857, word="After")
    run = story.compare(batch)
    assert run["verdict"] == "changed"
    (screenshot,) = story.screenshots(story.executions(run)[0])
    box = screenshot["comparisons"][0]["stats"]["bounding_box"]
    assert 59_850 < box["y"] < box["y"] + box["height"] <= item["picture"]["height"]


def test_a_page_of_150000_px_fails_and_the_rest_goes_on(story: Story, site: Site) -> None:
    site.pages["/tall"] = PAGE.format(rows=150_000, word="End")
    batch = story.batch(story.task(story.page("/tall")), story.task())
    tall, other = story.executions(story.record(batch))
    assert (tall["status"], tall["reason"]) == ("failed", "page_too_tall")
    assert "at most 100,000 px" in tall["message"]
    assert other["status"] == "finished"
