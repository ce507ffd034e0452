"""A known variation of a picture that does not always look the same, in a real browser."""

import pytest

from tests.support.describe import Story
from tests.support.site import Site

pytestmark = pytest.mark.live
LOOK = "<!doctype html><style>body{{margin:0}} div{{height:90px;background:{}}}</style><div></div><p>Text.</p>"


def test_an_accepted_alternative_is_unchanged_and_so_is_the_first_picture(story: Story, site: Site) -> None:
    batch = story.batch()
    site.pages["/"] = LOOK.format("teal")
    story.record(batch)
    site.pages["/"] = LOOK.format("tomato")
    run = story.compare(batch)
    (shot,) = story.screenshots(story.executions(run)[0])
    decision = {"decision": "approved", "as_alternative": True}
    assert story.client.post(f"/api/screenshots/{shot['id']}/review", json=decision).status_code == 200
    assert story.post(f"/api/runs/{run['id']}/promote")["changes"]["replaced"] == 1
    again = story.compare(batch)
    (same,) = story.screenshots(story.executions(again)[0])
    assert (again["passed"], same["comparisons"][0]["alternative"]) == (True, 0)
    assert "alternatives" in same["sentence"]
    assert story.client.post(f"/api/runs/{again['id']}/compare").json()["passed"]
    site.pages["/"] = LOOK.format("teal")
    assert story.compare(batch)["passed"]
