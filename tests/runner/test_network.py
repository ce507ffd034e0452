"""Which requests of a page are blocked, and how that is told."""

import pytest

from scene_runner.protocol import CaptureJob
from scene_runner.rules import Rules
from tests.runner.conftest import Capture
from tests.runner.pages import Pages
from tests.runner.program import Captured

KINDS = {"image", "redirected", "frame", "in-a-frame", "script", "fetch", "worker", "socket"}


def asked_of_localhost(pages: Pages, since: int) -> set[str]:
    """What was asked of the other host, by the first word of the query."""
    asked = [visit for visit in pages.visits[since:] if visit.host.startswith("localhost")]
    return {visit.query.partition("&")[0] or visit.path.strip("/") for visit in asked}


def blocked(captured: Captured) -> set[tuple[str, str]]:
    """Paths and rules."""
    assert {each.kind for each in captured.result.interventions} <= {"blocked"}
    return {("/" + each.what.split("/", 3)[3], each.rule) for each in captured.result.interventions}


def test_without_rules_everything_is_asked_for(capture: Capture, pages: Pages) -> None:
    since = len(pages.visits)
    result = capture("/widgets").result
    assert asked_of_localhost(pages, since) == KINDS
    assert result.interventions == []


@pytest.mark.parametrize(
    ("rules", "rule"),
    [
        ({"denied_hosts": ["localhost"]}, "denied_hosts localhost"),
        ({"blocked_hosts": ["other.org", "*.localhost"]}, "blocked_hosts *.localhost"),
        ({"allowed_hosts": ["127.0.0.1"]}, "allowed_hosts"),
        ({"blocked_urls": ["*://localhost:*"]}, "blocked_urls *://localhost:*"),
    ],
)
def test_nothing_is_asked_of_a_blocked_host(
    capture: Capture, pages: Pages, rules: dict[str, list[str]], rule: str
) -> None:
    since = len(pages.visits)
    captured = capture("/widgets", **rules)
    assert captured.result.status == "finished", captured.result.message
    assert asked_of_localhost(pages, since) == set()
    assert blocked(captured) == {(path, rule) for path in ("/red.png", "/normal", "/data", "/socket")}
    assert sum(each.count for each in captured.result.interventions) == len(KINDS)
    settled = next(step for step in captured.result.steps if step.name == "settle")
    assert settled.detail == f"requests blocked: localhost:{pages.port} ({len(KINDS)})"
    assert "secret" not in str(captured.result)


def test_what_is_blocked_is_not_missing(capture: Capture) -> None:
    result = capture("/embeds", denied_hosts=["localhost"]).result
    assert result.unloaded == []


def test_a_url_is_blocked_whole(capture: Capture, pages: Pages) -> None:
    since = len(pages.visits)
    captured = capture("/widgets", blocked_urls=["*/red.png?image*", "*/dat?"])
    assert asked_of_localhost(pages, since) == KINDS - {"image"}
    assert blocked(captured) == {("/red.png", "blocked_urls */red.png?image*")}


def test_a_port_that_is_not_meant_is_let_through(capture: Capture, pages: Pages) -> None:
    assert capture("/embeds", denied_hosts=["localhost:1"]).result.interventions == []
    assert capture("/embeds", denied_hosts=[f"localhost:{pages.port}"]).result.interventions != []


def test_headers_are_sent_beside_rules(capture: Capture, pages: Pages) -> None:
    since = len(pages.visits)
    capture(
        "/embeds", headers={"X-Own": "1"}, denied_hosts=["nobody.example"], allowed_hosts=["127.0.0.1", "localhost"]
    )
    assert {(visit.host.partition(":")[0], "x-own" in visit.headers) for visit in pages.visits[since:]} == {
        ("127.0.0.1", True),
        ("localhost", False),
    }


@pytest.mark.parametrize(
    ("path", "step"), [("{away}/normal", "goto"), ("/redirect-away", "goto"), ("/leaves", "settle")]
)
def test_a_page_that_leads_to_a_denied_host_fails_and_says_so(
    capture: Capture, pages: Pages, path: str, step: str
) -> None:
    leaves = f"location.href = '{pages.other_origin}/normal'; await new Promise(done => setTimeout(done, 300))"
    captured = capture(
        path.format(away=pages.other_origin).replace("/leaves", "/normal"),
        denied_hosts=["localhost"],
        task_js=leaves if path == "/leaves" else None,
    )
    result = captured.result
    assert (result.status, result.reason, result.failed_step) == ("failed", "navigation", step), result.message
    assert "the project's denied_hosts localhost forbids it" in result.message
    assert result.interventions != []


def test_a_page_that_leads_to_a_host_that_is_not_allowed_fails(capture: Capture) -> None:
    result = capture("/redirect-away", allowed_hosts=["127.0.0.1"]).result
    assert (result.status, result.reason) == ("failed", "navigation")
    assert "it is not among the project's allowed_hosts" in result.message


def test_rules_are_of_one_job_alone(capture: Capture, pages: Pages) -> None:
    capture("/embeds", denied_hosts=["localhost"])
    since = len(pages.visits)
    assert capture("/embeds").result.interventions == []
    assert asked_of_localhost(pages, since) == {"embedded"}


def test_the_reference_page_is_under_the_same_rules(capture: Capture, pages: Pages) -> None:
    captured = capture("/embeds", reference_url=f"{pages.url}/embeds?2", denied_hosts=["localhost"])
    assert [(each.of_reference, each.count) for each in captured.result.interventions] == [(False, 1), (True, 1)]


@pytest.mark.parametrize(
    ("pattern", "url", "forbidden"),
    [
        ("example.org", "https://example.org/x", True),
        ("example.org", "https://www.example.org/x", False),
        ("*.example.org", "https://www.a.example.org/x", True),
        ("*.example.org", "https://example.org/x", True),
        ("*.example.org", "https://notexample.org/x", False),
        ("example.org", "https://evil.test/?u=https://example.org/", False),
        ("example.org", "https://example.org.evil.test/", False),
        ("example.org:443", "https://example.org/", True),
        ("example.org:443", "http://example.org/", False),
        ("example.org", "wss://example.org/", True),
        ("[::1]", "http://[::1]:80/", True),
        ("example.org", "data:text/plain,example.org", False),
    ],
)
def test_hosts(pattern: str, url: str, forbidden: bool) -> None:
    job = CaptureJob("1", "/", "http://a.test/", [], 1, 1, denied_hosts=[pattern])
    assert Rules(job).against(url) == (f"denied_hosts {pattern}" if forbidden else None)
