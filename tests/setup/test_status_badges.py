"""Every status, verdict and review that Scene has can be shown, with a word and an icon beside the colour."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scene.domain.amounts import percent
from scene.domain.status import Reason, Status, Verdict

TEMPLATES = Path(__file__).resolve().parents[2] / "src/scene/web/templates"


@pytest.fixture(scope="module")
def badges() -> object:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)
    environment.filters["percent"] = percent
    environment.globals["asset"] = lambda name: f"/static/{name}"
    return environment.get_template("macros/status.html").module


@pytest.mark.parametrize("status", Status)
def test_a_status_is_shown_with_word_and_icon(badges: object, status: Status) -> None:
    shown = badges.status_badge(status)
    assert status.value.capitalize() in shown
    assert f'data-state="{status.value}"' in shown
    assert "icons.svg#" in shown


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_is_shown_with_word_and_icon(badges: object, verdict: Verdict) -> None:
    shown = badges.verdict_badge(verdict, 1.25)
    assert verdict.value.replace("_", " ").capitalize() in shown
    assert "1.25 %" in shown
    assert "icons.svg#" in shown


def test_the_smallest_change_never_reads_as_nothing(badges: object) -> None:
    assert "Changed less than 0.01 %" in badges.verdict_badge("changed", 0.0004)


@pytest.mark.parametrize(("level", "word"), [("minor", "Minor"), ("major", "Major"), ("none", ""), (None, "")])
def test_a_level_is_a_word_beside_its_colour(badges: object, level: str | None, word: str) -> None:
    shown = badges.level_badge(level)
    assert shown.strip().endswith(f"{word}</span>" if word else "")
    assert (f'data-state="{level}"' in shown) == bool(word)


def test_no_verdict_shows_nothing(badges: object) -> None:
    assert badges.verdict_badge(None).strip() == ""


@pytest.mark.parametrize("reason", Reason)
def test_a_failure_says_its_reason(badges: object, reason: Reason) -> None:
    assert f"Failed: {reason.value.replace('_', ' ')}" in badges.status_badge("failed", reason)


@pytest.mark.parametrize("decision", ["pending", "approved", "rejected"])
def test_a_review_is_shown_with_icon(badges: object, decision: str) -> None:
    assert "icons.svg#" in badges.review_badge(decision)
