"""The page of the audit log, with its filters in the address."""

import html
import re

import pytest

from tests.support.describe import Story

HTMX = {"HX-Request": "true", "HX-Trigger": "audit-filters"}


def shown(text: str) -> list[str]:
    return re.findall(r'fw-semibold" href="[^"]*">([a-z_.]+)</a>', text)


def test_it_says_who_did_what(story: Story) -> None:
    story.page(name="Home")
    text = story.client.get("/audit").text
    assert shown(text) == ["page.created", "project.created"]
    assert "anonymous" in text
    assert '{"name": "Home"}' in html.unescape(text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=project", ["project.created"]),
        ("action=page.created", ["page.created"]),
        ("actor=local&target=", ["page.created", "project.created"]),
        ("actor=nobody", []),
        ("after=2020-01-31&before=2999-01-01", ["page.created", "project.created"]),
        ("before=2020-01-31", []),
    ],
)
def test_filters_narrow_it(story: Story, query: str, found: list[str]) -> None:
    story.page(name="Home")
    text = story.client.get(f"/audit?{query}").text
    assert shown(text) == found
    assert ("Nothing is like that" in text) == (not found)


def test_what_it_shows_can_be_exported(story: Story) -> None:
    story.page(name="Home")
    text = story.client.get("/audit?action=page.created&after=2020-01-31").text
    found = re.search(r'href="(/api/audit/export[^"]*)"', text)
    assert found is not None
    lines = story.client.get(html.unescape(found[1])).text.splitlines()
    assert len(lines) == 1
    assert "page.created" in lines[0]


def test_a_wrong_filter_is_said(story: Story) -> None:
    answer = story.client.get("/audit?action=Run Created&after=soon", headers=HTMX)
    assert answer.status_code == 200
    assert "must be like run.created" in answer.text
    assert shown(answer.text) == []


def test_a_fragment_keeps_the_address_short(story: Story) -> None:
    answer = story.client.get("/audit?action=project&actor=&target=", headers=HTMX)
    assert answer.headers["hx-push-url"] == "/audit?action=project"
    assert "<html" not in answer.text


def test_it_is_paged(story: Story) -> None:
    for number in range(51):
        story.page(name=f"Page {number}")
    text = story.client.get("/audit?action=page").text
    older = re.search(r'href="(/audit\?[^"]*cursor=[^"]*)"', text)
    assert older is not None
    assert len(shown(text)) == 50
    assert shown(story.client.get(html.unescape(older[1])).text) == ["page.created"]
