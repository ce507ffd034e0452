"""Whatever a page does ends in a stated reason on its execution; the others go on."""

import socket
from collections.abc import Iterator

import pytest

from tests.runner.pages import Pages
from tests.support.describe import Story
from tests.support.site import Site

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    with Pages() as pages:
        yield pages


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def outcome(story: Story, url: str = "/", **task: object) -> tuple[str, str]:
    """Reason and message of a page's execution, when a healthy one in the same run finished."""
    broken = story.task(story.page(url), **task)
    run = story.record(story.batch(broken, story.task()))
    failed, healthy = story.executions(run)
    assert (failed["status"], healthy["status"]) == ("failed", "finished")
    assert run["baseline_id"] is None, "a recording with a failure is no baseline"
    return failed["reason"], failed["message"]


def test_an_unknown_host(story: Story) -> None:
    reason, message = outcome(story, "http://no-such-host.invalid/")
    assert reason == "navigation"
    assert "no-such-host.invalid" in message


def test_a_refused_connection(story: Story) -> None:
    reason, message = outcome(story, f"http://127.0.0.1:{closed_port()}/")
    assert reason == "navigation"
    assert "refused" in message


@pytest.mark.parametrize(
    ("path", "reason", "words"),
    [
        ("/redirect-loop", "navigation", "redirects in a loop"),
        ("/download", "navigation", "a file to download"),
        ("/members", "status", "asks for credentials"),
        ("/never-loads", "timeout", "was not loaded within"),
    ],
)
def test_a_page_that_does_not_open(story: Story, pages: Pages, path: str, reason: str, words: str) -> None:
    found, message = outcome(story, pages.url + path, capture={"navigation_timeout_ms": 2_000})
    assert found == reason
    assert words in message


def test_a_certificate_that_nobody_signed(story: Story, self_signed_url: str) -> None:
    reason, message = outcome(story, self_signed_url)
    assert reason == "navigation"
    assert "certificate" in message


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_status(story: Story, site: Site, status: int) -> None:
    site.pages["/broken"], site.statuses["/broken"] = "<h1>Sorry</h1>", status
    reason, message = outcome(story, "/broken")
    assert reason == "status"
    assert str(status) in message


def test_a_script_that_throws(story: Story) -> None:
    reason, message = outcome(story, task_js="throw new Error('no such button')")
    assert reason == "script"
    assert "no such button" in message


def test_a_script_that_never_ends(story: Story) -> None:
    capture = {"script_timeout_ms": 500, "execution_timeout_ms": 20_000}
    reason, message = outcome(story, task_js="while (true) {}", capture=capture)
    assert reason == "timeout"
    assert message


def test_a_page_that_takes_too_long(story: Story, site: Site) -> None:
    site.pages["/slow"], site.delays["/slow"] = "<h1>Slow</h1>", 5
    reason, _ = outcome(story, "/slow", capture={"navigation_timeout_ms": 500})
    assert reason == "timeout"


def test_an_empty_page(story: Story, site: Site) -> None:
    site.pages["/empty"] = ""
    reason, message = outcome(story, "/empty")
    assert (reason, message) == ("blank", "The full page is blank: at least 99.99 % of it has one colour.")


def test_a_page_that_is_allowed_to_be_blank(story: Story, site: Site) -> None:
    site.pages["/empty"] = ""
    run = story.record(story.batch(story.task(story.page("/empty"), policy={"allow_blank": True})))
    assert run["baseline_id"]


def test_an_element_that_is_not_there(story: Story) -> None:
    reason, message = outcome(story, targets=[{"kind": "element", "selector": "#none"}])
    assert reason == "selector"
    assert "#none" in message


def test_a_page_that_crashes_its_tab(story: Story, site: Site) -> None:
    site.pages["/crash"] = (
        "<script>const all = []; for (;;) { all.push(new ArrayBuffer(64 << 20)); new Uint8Array(all.at(-1)).fill(1) }"
        "</script>"
    )
    reason, message = outcome(story, "/crash", capture={"execution_timeout_ms": 30_000})
    assert reason in ("crash", "out_of_memory")
    assert message


def test_a_browser_that_is_not_installed(story: Story) -> None:
    reason, message = outcome(story, browsers=["webkit"])
    assert reason == "browser_unavailable"
    assert "webkit" in message.lower()


def test_a_run_past_its_time_ends_with_that_reason(story: Story, site: Site) -> None:
    site.pages["/slow"], site.delays["/slow"] = "<h1>Slow</h1>", 60
    run = story.record(story.batch(story.task(story.page("/slow"))), timeout_seconds=1)
    assert (run["status"], run["reason"]) == ("failed", "run_timeout")
    assert story.executions(run)[0]["reason"] == "run_timeout"
