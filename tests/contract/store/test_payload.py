"""The bytes that webhooks get."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scene.domain.bodies import body
from scene.domain.catalog import Project
from scene.domain.events import MAX_BYTES, Event
from scene.domain.pictures import Artifact, ArtifactType
from scene.domain.records import EventType
from scene.domain.reviews import ReviewCounts
from scene.domain.runs import Execution, Run, RunSummary
from scene.domain.status import Purpose, Status, Verdict
from scene.domain.viewport import Browser, Viewport
from scene.domain.webhooks import Format
from tests.contract.store.world import START

WIDE = st.text(st.sampled_from('ab"\\ \n☕🎉\x01'), max_size=1000)


def run_with(**values: Any) -> Run:
    known = dict.fromkeys(Run.model_fields) | {
        "id": "r1", "project_id": "p1", "batch_id": "b1", "batch_name": "smoke", "purpose": Purpose.COMPARISON,
        "line": "main", "note": "", "labels": {}, "requested_by": "ann", "priority": 0, "deadline_at": START,
        "status": Status.EXECUTING, "created_at": START, "summary": RunSummary(), "reviews": ReviewCounts(),
    }  # fmt: skip
    return Run.model_construct(**(known | values))


def execution_with(**values: Any) -> Execution:
    known = dict.fromkeys(Execution.model_fields) | {
        "id": "e1", "run_id": "r1", "task_id": "t1", "task_name": "look", "page_name": "home",
        "browser": Browser.CHROMIUM, "viewport": Viewport(width=100, height=100), "status": Status.FINISHED,
        "message": "", "attempt": 1,
    }  # fmt: skip
    return Execution.model_construct(**(known | values))


def artifacts(count: int, name: str) -> list[Artifact]:
    fields = {"execution_id": "e1", "attempt": 1, "type": ArtifactType.DIFF, "media_type": "image/png", "sha256": "0"}
    return [
        Artifact.model_construct(id=f"{index:032}", name=name, size=1, created_at=START, **fields)
        for index in range(count)
    ]


PROJECT = Project(id="p1", version=1, created_at=START, updated_at=START, name="Shop", slug="shop")


@settings(deadline=None, database=None)
@given(
    labels=st.dictionaries(WIDE, WIDE, max_size=50),
    names=st.lists(WIDE, min_size=3, max_size=3),
    files=st.integers(0, 500),
    message=st.text(max_size=20_000),
)
def test_a_payload_is_small_always(labels: dict[str, str], names: list[str], files: int, message: str) -> None:
    run = run_with(labels=labels, batch_name=names[0][:200], requested_by=names[1] * 30)
    execution = execution_with(task_name=names[1][:200], page_name=names[2][:200], message=message)
    shown = artifacts(files, names[2])
    event = Event(EventType.TASK_FINISHED, START, PROJECT, run, execution=execution, artifacts=shown)
    sent = body(event, Format.SCENE, "d1", "https://scene.example/")
    assert len(sent) < MAX_BYTES
    told = json.loads(sent)["execution"]
    assert len(told["artifacts"]) + told["artifacts_omitted"] == files


def test_urls_are_absolute() -> None:
    shown = artifacts(1, "diff.png")
    event = Event(EventType.TASK_FINISHED, START, PROJECT, run_with(), execution=execution_with(), artifacts=shown)
    told = json.loads(body(event, Format.SCENE, "d1", "https://scene.example/"))
    assert told["run"]["viewer_url"] == "https://scene.example/runs/r1"
    assert told["execution"]["artifacts"][0]["url"] == f"https://scene.example/artifacts/{0:032}/diff.png"


def test_times_are_utc() -> None:
    told = json.loads(body(Event(EventType.RUN_STARTED, START, PROJECT, run_with()), Format.SCENE, "d1", "http://x"))
    assert (told["occurred_at"], told["task"], told["execution"]) == ("2026-03-01T12:00:00Z", None, None)


def texts(document: Any) -> list[str]:
    """Every text of a message, wherever it is."""
    if isinstance(document, dict):
        return [text for value in document.values() for text in texts(value)]
    if isinstance(document, list):
        return [text for value in document for text in texts(value)]
    return [document] if isinstance(document, str) else []


@pytest.mark.parametrize("style", [Format.SLACK, Format.TEAMS])
def test_a_message_says_what_happened_and_where_to_look(style: Format) -> None:
    run = run_with(status=Status.FINISHED, verdict=Verdict.CHANGED, summary=RunSummary(total=3, changed=1, unchanged=2))
    event = Event(EventType.RUN_FINISHED, START, PROJECT, run)
    said = texts(json.loads(body(event, style, "d1", "https://scene.example")))
    assert any("Shop / smoke: run ended, changed" in text for text in said)
    assert any("2 unchanged, 1 changed" in text for text in said)
    assert "https://scene.example/runs/r1" in said


@pytest.mark.parametrize("style", [Format.SLACK, Format.TEAMS])
@pytest.mark.parametrize("event_type", [each for each in EventType if each is not EventType.WEBHOOK_TEST])
def test_every_event_makes_a_small_message(style: Format, event_type: EventType) -> None:
    execution = execution_with(message="x" * 30_000) if event_type.startswith("task.") else None
    run = run_with(batch_name="b" * 200, requested_by="r" * 5_000)
    sent = body(Event(event_type, START, PROJECT, run, execution=execution), style, "d1", "https://scene.example")
    assert len(sent) < 4_000


def test_names_are_no_markup_in_slack() -> None:
    """``<!channel>`` would call everybody."""
    event = Event(EventType.RUN_STARTED, START, PROJECT, run_with(batch_name="<!channel> & *b*"))
    message = json.loads(body(event, Format.SLACK, "d1", "https://scene.example"))
    assert "&lt;!channel&gt; &amp;" in message["text"]
    kinds = {block["text"]["type"] for block in message["blocks"] if "text" in block}
    assert kinds == {"plain_text"}


def test_a_card_has_the_envelope_that_teams_takes() -> None:
    event = Event(EventType.RUN_STARTED, START, PROJECT, run_with(batch_name="[a](http://x) **b**"))
    message = json.loads(body(event, Format.TEAMS, "d1", "https://scene.example"))
    [attachment] = message["attachments"]
    assert (message["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    card = attachment["content"]
    assert (card["type"], card["actions"][0]["type"]) == ("AdaptiveCard", "Action.OpenUrl")
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}, "other blocks would read Markdown"
