"""The reference page: captured beside the page itself, compared with it, recorded from."""

from typing import Any

import pytest

from tests.support.describe import Story
from tests.support.site import Site

pytestmark = pytest.mark.live

PAGE = "<!doctype html><style>body{{margin:40px;font:20px sans-serif}}</style><h1>{}</h1><p>A paragraph below.</p>"


@pytest.fixture
def page(story: Story, site: Site) -> dict[str, Any]:
    """Two pages that are equal, one of them the other's reference."""
    site.pages |= {"/": PAGE.format("Hello"), "/live": PAGE.format("Hello")}
    return story.page("/", reference_url="/live")


def only(story: Story, run: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The one execution of a run, and its one screenshot."""
    (execution,) = story.executions(run)
    (screenshot,) = story.screenshots(execution)
    return execution, screenshot


def test_the_baseline_decides_and_the_reference_is_a_flag(story: Story, site: Site, page: dict[str, Any]) -> None:
    batch = story.batch(story.task(page))
    story.record(batch)
    site.pages["/live"] = PAGE.format("World")
    run = story.compare(batch)
    assert (run["verdict"], run["passed"]) == ("unchanged", True)
    execution, screenshot = only(story, run)
    assert (execution["reference_differs"], execution["percent_changed"]) == (True, 0)
    assert (screenshot["verdict"], screenshot["reference_differs"]) == ("unchanged", True)
    comparisons = {comparison["kind"]: comparison for comparison in screenshot["comparisons"]}
    assert {kind: comparison["decides"] for kind, comparison in comparisons.items()} == {
        "baseline": True,
        "reference": False,
    }
    reference = comparisons["reference"]
    assert reference["baseline_item_id"] is None
    assert reference["stats"]["changed_pixels"] > 100
    assert story.client.get(reference["against"]["image"]["url"]).content.startswith(b"\x89PNG")
    files = {file["name"] for file in story.get(f"/api/executions/{execution['id']}")["artifacts"]}
    assert {"reference-diff.png", "reference-heatmap.png", "reference-stats.json"} <= files
    assert not {"diff.png", "stats.json"} & files


def test_an_equal_reference_does_not_differ(story: Story, page: dict[str, Any]) -> None:
    run = story.compare(story.batch(story.task(page)))
    execution, screenshot = only(story, run)
    assert (run["verdict"], execution["reference_differs"]) == ("no_baseline", False)
    assert [comparison["verdict"] for comparison in screenshot["comparisons"]] == ["unchanged"]


@pytest.mark.parametrize(
    ("recorded", "now", "live", "standing"),
    [
        ("A", "A", "A", "Equals the baseline and the reference page."),
        ("A", "A", "B", "Equals the baseline but differs from the reference page: that one is ahead, or has drifted."),
        ("A", "B", "B", "Differs from the baseline but equals the reference page: the baseline is out of date."),
        ("A", "B", "C", "Differs from the baseline and from the reference page."),
        (None, "A", "A", "New to the baseline, and equals the reference page."),
        (None, "A", "B", "New to the baseline, and differs from the reference page."),
    ],
)
def test_how_it_stands_to_both_is_one_sentence_for_programs_and_people(
    story: Story, site: Site, page: dict[str, Any], recorded: str | None, now: str, live: str, standing: str
) -> None:
    batch = story.batch(story.task(page))
    if recorded is not None:
        site.pages["/"] = PAGE.format(recorded)
        story.record(batch)
    site.pages |= {"/": PAGE.format(now), "/live": PAGE.format(live)}
    run = story.compare(batch)
    execution, screenshot = only(story, run)
    assert screenshot["standing"] == standing
    for address in (f"/executions/{execution['id']}", f"/runs/{run['id']}/viewer?show=all"):
        assert f"<strong>{standing}</strong>" in story.client.get(address).text


def test_the_reference_decides_where_a_task_says_so(story: Story, site: Site, page: dict[str, Any]) -> None:
    batch = story.batch(story.task(page, compare_with="reference"))
    story.record(batch)
    site.pages |= {"/": PAGE.format("New"), "/live": PAGE.format("New")}
    assert story.compare(batch)["passed"], "the baseline is older, and has no say"
    site.pages["/live"] = PAGE.format("Newer")
    run = story.compare(batch)
    execution, screenshot = only(story, run)
    assert (run["verdict"], screenshot["verdict"], execution["reference_differs"]) == ("changed", "changed", True)
    assert execution["percent_changed"] > 0
    assert [comparison["kind"] for comparison in screenshot["comparisons"]] == ["reference"]


def test_a_task_may_leave_the_reference_alone(story: Story, site: Site, page: dict[str, Any]) -> None:
    site.requests.clear()
    execution, screenshot = only(story, story.compare(story.batch(story.task(page, compare_with="baseline"))))
    assert (execution["reference_differs"], screenshot["comparisons"]) == (None, [])
    assert "/live" not in site.requests


def test_a_recording_leaves_the_reference_alone(story: Story, site: Site, page: dict[str, Any]) -> None:
    story.record(story.batch(story.task(page)))
    assert "/live" not in site.requests


def test_a_recording_can_be_made_from_the_reference(story: Story, site: Site, page: dict[str, Any]) -> None:
    site.pages |= {"/": PAGE.format("Next"), "/other": PAGE.format("Other")}
    batch = story.batch(story.task(page, compare_with="baseline"), story.task(story.page("/other")))
    site.requests.clear()
    recorded = story.record(batch, from_reference=True)
    assert recorded["from_reference"] is True
    assert set(site.requests) == {"/live", "/other"}, "a page without a reference is recorded as it is"
    run = story.compare(batch)
    assert run["summary"] | {"changed": 1, "unchanged": 1} == run["summary"]
    site.pages["/"] = PAGE.format("Hello")
    assert story.compare(batch)["passed"]


def test_a_reference_that_cannot_be_captured_is_said(story: Story, site: Site, page: dict[str, Any]) -> None:
    batch = story.batch(story.task(page))
    story.record(batch)
    site.statuses["/live"] = 503
    run = story.compare(batch)
    (execution,) = story.executions(run)
    assert (run["passed"], execution["status"], execution["reason"]) == (False, "failed", "status")
    assert execution["message"].startswith("Of the reference page: ")
    assert "503" in execution["message"]
    steps = story.get(f"/api/executions/{execution['id']}")["attempts"][0]["steps"]
    assert [step["name"] for step in steps if step["status"] == "failed"] == ["reference goto"]


def test_the_base_url_of_a_run_moves_the_page_alone(story: Story, site: Site, page: dict[str, Any]) -> None:
    with Site() as preview:
        preview.pages["/"] = PAGE.format("Preview")
        run = story.compare(story.batch(story.task(page)), base_url=preview.url)
        assert preview.requests.count("/live") == 0
    assert site.requests.count("/live") == 1
    assert only(story, run)[0]["reference_differs"] is True


def test_scripts_variables_and_headers_are_for_both(story: Story, site: Site) -> None:
    site.pages |= {"/a": PAGE.format("?"), "/b": PAGE.format("?")}
    page = story.page("/a", reference_url="/{{where}}", preparatory_js="document.querySelector('h1').textContent = 1")
    run = story.compare(story.batch(story.task(page)), variables={"where": "b"})
    assert only(story, run)[0]["reference_differs"] is False


@pytest.mark.parametrize(
    ("page_fields", "task_fields", "run_fields", "said"),
    [
        ({}, {"compare_with": "reference"}, {}, "compares with the reference alone"),
        ({"reference_url": "/{{where}}"}, {}, {}, "'where'"),
        ({"reference_url": "{{where}}"}, {}, {"variables": {"where": "ftp://x/"}}, "the reference_url of the page"),
        ({}, {}, {"from_reference": True}, "from_reference"),
    ],
)
def test_what_cannot_be_is_refused_before_it_starts(
    story: Story, page_fields: dict[str, Any], task_fields: dict[str, Any], run_fields: dict[str, Any], said: str
) -> None:
    batch = story.batch(story.task(story.page("/", **page_fields), **task_fields))
    body = {"batch_id": batch["id"], "purpose": "comparison", **run_fields}
    response = story.client.post("/api/runs", json=body)
    assert response.status_code == 422
    assert said in response.text
    assert story.get("/api/runs", batch=batch["id"])["items"] == []


@pytest.mark.parametrize("url", ["ftp://example.org/", "https://user:word@example.org/", "java script:"])
def test_a_reference_url_is_checked_when_it_is_saved(story: Story, url: str) -> None:
    body = {"name": "A page", "url": "/", "reference_url": url}
    response = story.client.post(f"/api/projects/{story.project['id']}/pages", json=body)
    assert response.status_code == 422
    assert "reference_url" in response.text
