"""Element targets, from a task to verdicts: what came and what went is never silent."""

from typing import Any

import pytest

from tests.support.describe import QUICK, Story
from tests.support.site import Site

CARDS = {"kind": "element", "selector": ".card", "name": "Card", "match": "every"}
VIEWPORTS = [{"width": 100, "height": 100}]


def page(*cards: str) -> str:
    shown = "".join(f"<p class=card>{card}</p>" for card in cards)
    return f"<!doctype html><meta charset=utf-8><style>p{{height:30px}}</style><h1>Cards</h1>{shown}"


def verdicts(story: Story, run: dict[str, Any]) -> dict[str, str]:
    return {shot["target"]: shot["verdict"] for shot in story.screenshots(story.executions(run)[0])}


@pytest.mark.live
def test_elements_that_came_and_went_are_said(story: Story, site: Site) -> None:
    site.pages["/"] = page("One", "Two", "Three")
    batch = story.batch(story.task(targets=[CARDS]))
    recorded = story.record(batch)
    items = story.get(f"/api/baselines/{recorded['baseline_id']}/items")["items"]
    assert [item["target"] for item in items] == [f"element:Card#{number}" for number in (1, 2, 3)]
    assert story.get(f"/api/baselines/{recorded['baseline_id']}")["items_missing"] == 0
    site.pages["/"] = page("One", "Two")
    fewer = story.compare(batch)
    assert verdicts(story, fewer) == {
        "element:Card#1": "unchanged",
        "element:Card#2": "unchanged",
        "element:Card#3": "missing",
    }
    assert fewer["verdict"] == "changed"
    site.pages["/"] = page("One", "Two", "Three", "Four")
    more = story.compare(batch)
    assert verdicts(story, more)["element:Card#4"] == "no_baseline"
    assert (more["verdict"], more["passed"]) == ("no_baseline", False)


@pytest.mark.live
def test_an_element_that_is_hidden_for_now_leaves_the_others_their_numbers(story: Story, site: Site) -> None:
    site.pages["/"] = page("One", "Two", "Three")
    batch = story.batch(story.task(targets=[CARDS]))
    story.record(batch)
    site.pages["/"] = page("One", "Two", "Three").replace("<p class=card>Two", "<p class=card hidden>Two")
    found = verdicts(story, story.compare(batch))
    assert (found["element:Card#2"], found["element:Card#3"]) == ("missing", "unchanged")


@pytest.mark.live
def test_another_number_of_elements_than_expected_fails(story: Story, site: Site) -> None:
    site.pages["/"] = page("One", "Two")
    (execution,) = story.executions(story.record(story.batch(story.task(targets=[CARDS | {"expected_count": 3}]))))
    assert (execution["status"], execution["reason"]) == ("failed", "selector")
    assert execution["message"] == "The element Card: 3 elements expected, 2 elements visible."


@pytest.mark.live
def test_padding_hiding_and_the_background_are_options_of_a_task(story: Story, site: Site) -> None:
    site.pages["/"] = page("One").replace("<h1>", "<h1 class=ad>")
    targets = [CARDS, {"kind": "element", "selector": ".card", "padding_px": 0}]
    capture = QUICK | {"element_padding_px": 5, "remove": [".ad"], "omit_background": True}
    batch = story.batch(story.task(targets=targets, capture=capture))
    story.record(batch)
    run = story.compare(batch)
    padded, bare = story.screenshots(story.executions(run)[0])
    assert run["passed"]
    assert padded["picture"]["height"] == 40
    assert (bare["picture"]["height"], bare["target"]) == (30, "element:.card#1")


@pytest.mark.live
@pytest.mark.parametrize("compare_with", ["both", "reference"])
def test_elements_that_only_one_of_page_and_reference_has_are_said(story: Story, site: Site, compare_with: str) -> None:
    site.pages |= {"/": page("One", "Two"), "/live": page("One", "Two")}
    batch = story.batch(story.task(story.page("/", reference_url="/live"), targets=[CARDS], compare_with=compare_with))
    story.record(batch)
    assert story.compare(batch)["passed"]
    site.pages["/live"] = page("One")
    (execution,) = story.executions(story.compare(batch))
    second = story.screenshots(execution)[1]
    assert (execution["reference_differs"], second["only_on"], second["reference_differs"]) == (True, "page", True)
    assert "The reference page has no such element." in second["sentence"]
    assert second["verdict"] == ("unchanged" if compare_with == "both" else "no_baseline")
    site.pages["/live"] = page("One", "Two", "Three")
    run = story.compare(batch)
    (execution,) = story.executions(run)
    third = story.screenshots(execution)[2]
    assert (third["target"], third["picture"], third["only_on"]) == ("element:Card#3", None, "reference")
    assert "Only the reference page has this element." in third["sentence"]
    assert execution["reference_differs"] is True
    assert run["verdict"] == ("unchanged" if compare_with == "both" else "changed")
    assert third["missing_picture"]["width"] == 624
    assert story.client.get(f"/executions/{execution['id']}").status_code == 200


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"targets": [CARDS, {"kind": "element"}]}, "targets[1]"),
        ({"targets": [{"kind": "full", "padding_px": 3}]}, "targets[0]"),
        ({"targets": [{"kind": "viewport", "match": "every"}]}, "targets[0]"),
        ({"targets": [CARDS | {"match": "last"}]}, "targets[0].match"),
        ({"targets": [CARDS | {"expected_count": 0}]}, "targets[0].expected_count"),
        ({"targets": [CARDS | {"padding_px": -1}]}, "targets[0].padding_px"),
        ({"targets": [CARDS | {"selector": " "}]}, "targets[0].selector"),
        ({"capture": {"hide": [".a", " "]}}, "capture.hide[1]"),
        ({"capture": {"remove": [".a", ".b", ""]}}, "capture.remove[2]"),
        ({"capture": {"element_padding_px": 5_000}}, "capture.element_padding_px"),
        ({"capture": {"omit_background": "perhaps"}}, "capture.omit_background"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(story: Story, fields: dict[str, Any], field: str) -> None:
    body = {"name": "It", "page_id": story.page()["id"], "viewports": VIEWPORTS, **fields}
    response = story.client.post(f"/api/projects/{story.project['id']}/tasks", json=body)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
