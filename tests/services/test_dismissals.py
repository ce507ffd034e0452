"""What is in the way on the pages of a project: gone from the pictures, and told on the execution."""

from typing import Any

import pytest

from tests.support.describe import Story
from tests.support.site import Site

pytestmark = pytest.mark.live

SHOP = "<style>#banner{position:fixed;inset:0;background:red}</style><h1>Shop</h1>"
BANNER = "<div id=banner>We value your privacy.</div>"


def describe(story: Story, **fields: Any) -> None:
    response = story.client.patch(f"/api/projects/{story.project['id']}", json=fields)
    assert response.status_code == 200, response.text


def test_a_banner_that_comes_and_goes_changes_nothing_and_is_told(story: Story, site: Site) -> None:
    describe(story, dismissals={"selectors": [{"selector": "#banner"}], "blocked_hosts": ["ads.example"]})
    site.pages["/"] = SHOP
    batch = story.batch()
    assert story.record(batch)["baseline_id"]
    site.pages["/"] = SHOP + BANNER + "<img src=http://ads.example/pixel?who=me hidden>"
    run = story.compare(batch)
    assert run["verdict"] == "unchanged"
    (execution,) = story.executions(run)
    (attempt,) = story.get(f"/api/executions/{execution['id']}")["attempts"]
    assert attempt["interventions"] == [
        {"kind": "removed", "what": "#banner", "rule": "dismissals", "count": 1, "of_reference": False},
        {
            "kind": "blocked",
            "what": "http://ads.example/pixel",
            "rule": "blocked_hosts ads.example",
            "count": 1,
            "of_reference": False,
        },
    ]


def test_a_page_of_a_denied_host_fails_and_its_own_host_is_always_allowed(story: Story) -> None:
    describe(story, allowed_hosts=["cdn.example"])
    batch = story.batch()
    assert story.record(batch)["status"] == "finished"
    describe(story, denied_hosts=["127.0.0.1"])
    (execution,) = story.executions(story.record(batch))
    assert (execution["status"], execution["reason"]) == ("failed", "navigation")
    assert "the project's denied_hosts 127.0.0.1 forbids it" in execution["message"]


def test_the_page_of_an_execution_tells_it_and_the_options_that_are_special(story: Story, site: Site) -> None:
    describe(story, dismissals={"selectors": [{"selector": "#banner"}]})
    site.pages["/"] = SHOP + BANNER
    task = story.task(capture={"locale": "de-DE", "fixed_time": "2026-02-03T12:00:00Z", "load_lazy": False})
    (execution,) = story.executions(story.record(story.batch(task)))
    page = story.client.get(f"/executions/{execution['id']}").text
    assert ">#banner</code>" in page
    assert "Capture options" in page
    options = story.get(f"/api/executions/{execution['id']}")["configuration"]["capture"]
    for name, value, shown in (
        ("locale", "de-DE", "de-DE"),
        ("fixed_time", "2026-02-03T12:00:00Z", "2026-02-03T12:00:00Z"),
        ("load_lazy", False, "no"),
    ):
        assert options[name] == value
        assert f'{name}</dt>\n                    <dd class="mb-0 text-break">{shown}</dd>' in page
    assert "stable_frames</dt>" not in page
