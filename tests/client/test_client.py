"""The API client: typed answers, and every failure one sentence."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
import pytest

from scene.client import Refusal, SceneClient, Unreachable
from scene.client.answers import Run
from scene.client.following import follow
from scene.errors import NotFound

Handler = Callable[[httpx2.Request], httpx2.Response]

RUN = {
    "id": "r1",
    "batch_id": "b1",
    "batch_name": "Smoke",
    "purpose": "comparison",
    "baseline_id": None,
    "line": "main",
    "jira_issue": None,
    "status": "executing",
    "reason": None,
    "verdict": None,
    "level": None,
    "passed": False,
    "summary": {"total": 1, "executing": 1, "invented_later": 7},
    "url": "/runs/r1",
    "invented_later": True,
}


@contextmanager
def asking(handler: Handler) -> Iterator[SceneClient]:
    with SceneClient("http://scene.test", httpx2.MockTransport(handler)) as client:
        yield client


def test_fields_that_a_newer_server_adds_are_no_error() -> None:
    with asking(lambda _: httpx2.Response(200, json=RUN)) as client:
        assert client.run("r1").summary.executing == 1


def test_a_problem_document_is_its_sentence_with_its_fields() -> None:
    problem = {
        "code": "invalid",
        "detail": "note: too long",
        "errors": [{"field": "note", "message": "too long"}],
        "status": 422,
    }
    with asking(lambda _: httpx2.Response(422, json=problem)) as client, pytest.raises(Refusal) as caught:
        client.start_run({})
    error = caught.value
    assert (error.message, error.code, error.http_status, error.retryable) == ("note: too long", "invalid", 422, False)
    assert [(wrong.field, wrong.message) for wrong in error.fields] == [("note", "too long")]


@pytest.mark.parametrize(
    ("answer", "sentence", "retryable"),
    [
        (httpx2.Response(200, text="<h1>Hello"), "not a Scene of this version (200 OK)", False),
        (httpx2.Response(200, json={"id": "r1"}), "not a Scene of this version (200 OK)", False),
        (httpx2.Response(404, text="nothing"), "not a Scene of this version (404 Not Found)", False),
        (httpx2.Response(502, text="bad gateway"), "(502 Bad Gateway)", True),
        (httpx2.Response(299, text=""), "(299)", False),
        (httpx2.Response(301, headers={"location": "https://x"}), "sends on to 'https://x'", False),
    ],
)
def test_what_is_no_scene_is_told(answer: httpx2.Response, sentence: str, retryable: bool) -> None:
    with asking(lambda _: answer) as client, pytest.raises(Unreachable) as caught:
        client.run("r1")
    assert sentence in caught.value.message
    assert "http://scene.test" in caught.value.message
    assert caught.value.retryable is retryable


def test_a_server_that_is_not_there_is_told_with_its_address() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with SceneClient(url) as client, pytest.raises(Unreachable, match="No server can be reached at") as caught:
            client.run("r1")
    assert url in caught.value.message
    assert "\n" not in caught.value.message


def test_a_proxy_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with SceneClient("http://127.0.0.1:9") as client, pytest.raises(Unreachable, match="Connection refused"):
        client.run("r1")


def test_a_batch_is_found_by_slug_and_name_beyond_the_first_slice() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/api/projects/p2/batches":
            batch = {"id": "b", "project_id": "p2", "name": "A/B"}
            return httpx2.Response(200, json={"items": [batch], "next_cursor": None})
        if "cursor" in request.url.params:
            return httpx2.Response(
                200, json={"items": [{"id": "p2", "slug": "shop", "name": "Shop"}], "next_cursor": None}
            )
        return httpx2.Response(
            200, json={"items": [{"id": "p1", "slug": "blog", "name": "Blog"}], "next_cursor": "more"}
        )

    with asking(handler) as client:
        assert client.batch_id("shop/A/B") == "b"
        with pytest.raises(NotFound, match="no batch 'Smoke'"):
            client.batch_id("shop/Smoke")
        with pytest.raises(NotFound, match="slug 'news'"):
            client.batch_id("news/Smoke")


def follow_answers(*answers: httpx2.Response, patience_seconds: float = 60) -> tuple[Run, list[str]]:
    """Time passes by the pauses only."""
    waiting, time, seen = iter(answers), [0.0], list[str]()

    def pause(seconds: float) -> None:
        time[0] += seconds

    with asking(lambda _: next(waiting)) as client:
        run = follow(
            client,
            Run.model_validate(RUN),
            lambda run: seen.append(run.status),
            patience_seconds=patience_seconds,
            pause=pause,
            now=lambda: time[0],
        )
    return run, seen


EXECUTING, FINISHED = httpx2.Response(200, json=RUN), httpx2.Response(200, json={**RUN, "status": "finished"})
AWAY = httpx2.Response(503, json={"code": "storage", "detail": "The database does not answer."})


def test_a_run_is_followed_to_its_end() -> None:
    run, seen = follow_answers(EXECUTING, FINISHED)
    assert (run.status, seen) == ("finished", ["executing", "executing", "finished"])


def test_a_server_that_is_away_for_a_while_is_waited_for() -> None:
    run, seen = follow_answers(AWAY, httpx2.Response(502), AWAY, FINISHED)
    assert (run.status, seen) == ("finished", ["executing", "finished"])


def test_patience_has_an_end() -> None:
    with pytest.raises(Refusal, match="The database does not answer"):
        follow_answers(*[AWAY] * 100, patience_seconds=10)


def test_a_run_that_is_gone_is_not_waited_for() -> None:
    gone = httpx2.Response(404, json={"code": "not_found", "detail": "There is no run 'r1'."})
    with pytest.raises(Refusal, match="There is no run"):
        follow_answers(gone)
