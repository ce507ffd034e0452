"""What never stands still is never unchanged, and never in a baseline unless somebody asks for it."""

from html import unescape

import pytest

from tests.support.describe import Story
from tests.support.site import Site

pytestmark = pytest.mark.live

STILL = "<!doctype html><h1>Prices</h1><div id=slide style='position:absolute;left:50px;top:60px'></div>"
MOVING = (
    "<style>div{width:70px;height:80px}</style><script>let n = 0;"
    "setInterval(() => { slide.style.background = `rgb(255 255 ${250 + n++ % 5})` }, 20)</script>"
)
IMPATIENT = {"stability_timeout_ms": 2_000, "settle_timeout_ms": 2_000}


def test_a_page_that_moves_is_no_baseline(story: Story, site: Site) -> None:
    site.pages["/"] = STILL + MOVING
    run = story.record(story.batch(story.task(capture=IMPATIENT)))
    (execution,) = story.executions(run)
    (screenshot,) = story.screenshots(execution)
    assert (execution["status"], execution["reason"], run["baseline_id"]) == ("failed", "unstable", None)
    assert "stable_frames" in execution["message"]
    assert screenshot["unstable_area"] == {"x": 50, "y": 60, "width": 70, "height": 80}


def test_a_moving_page_can_be_recorded_as_it_is_when_one_frame_is_enough(story: Story, site: Site) -> None:
    site.pages["/"] = STILL + MOVING
    assert story.record(story.batch(story.task(capture={"stable_frames": 1})))["baseline_id"]


def test_a_page_that_began_to_move_is_changed_however_little_it_differs(story: Story, site: Site) -> None:
    site.pages["/"] = STILL
    batch = story.batch(story.task(capture=IMPATIENT))
    story.record(batch)
    site.pages["/"] = STILL + MOVING
    run = story.compare(batch)
    (screenshot,) = story.screenshots(story.executions(run)[0])
    assert screenshot["comparisons"][0]["verdict"] == "unchanged", "every moment of it is within the tolerance"
    assert (run["verdict"], screenshot["verdict"], screenshot["unstable"]) == ("changed", "changed", True)
    assert "70 x 80 px at (50, 60) still moved" in screenshot["sentence"]


def test_the_page_of_an_execution_marks_what_moves(story: Story, site: Site) -> None:
    site.pages["/"] = STILL + MOVING
    run = story.record(story.batch(story.task(capture=IMPATIENT)))
    html = unescape(story.client.get(story.executions(run)[0]["url"]).text)
    assert '"moving":{"x":50,"y":60,"width":70,"height":80}' in html, "what the viewer draws"
    assert "70 x 80 px at (50, 60) still moved" in html


def test_a_moving_reference_page_is_never_equal_where_it_decides(story: Story, site: Site) -> None:
    site.pages["/"] = STILL
    site.pages["/production"] = STILL + MOVING
    page = story.page("/", reference_url="/production")
    batch = story.batch(story.task(page, compare_with="reference", capture=IMPATIENT))
    (screenshot,) = story.screenshots(story.executions(story.compare(batch))[0])
    assert (screenshot["verdict"], screenshot["unstable"]) == ("changed", False)
    assert "The reference page never stood still." in screenshot["sentence"]


def test_what_had_not_loaded_is_told(story: Story, site: Site) -> None:
    site.pages["/"] = "<!doctype html><h1>Gallery</h1><img src=/gone.png>"
    (execution,) = story.executions(story.record(story.batch()))
    detail = story.get(f"/api/executions/{execution['id']}")
    assert [url.rpartition("/")[2] for url in detail["attempts"][0]["unloaded"]] == ["gone.png"]
    assert "gone.png" in story.client.get(execution["url"]).text
