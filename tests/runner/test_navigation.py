"""Opening a page, and saying in plain words why it did not open."""

import socket

import pytest

from tests.runner.conftest import Capture, in_both_browsers
from tests.runner.pages import Pages


@in_both_browsers
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://no-such-host.invalid/", "the host name is unknown"),
        ("/redirect-loop", "redirects in a loop"),
        ("/download", "a file to download"),
        ("file:///etc/hostname", "only http and https"),
        ("chrome://version", "only http and https"),
    ],
)
def test_a_page_that_cannot_be_opened_fails_in_plain_words(capture: Capture, address: str, words: str) -> None:
    result = capture(address).result
    assert (result.reason, result.failed_step) == ("navigation", "goto")
    assert words in result.message


@in_both_browsers
def test_a_refused_connection_is_named(capture: Capture) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        result = capture(f"http://127.0.0.1:{closed.getsockname()[1]}/").result
    assert (result.reason, "refused the connection" in result.message) == ("navigation", True)


@in_both_browsers
def test_a_server_without_tls_fails_an_https_address(capture: Capture, pages: Pages) -> None:
    result = capture(f"https://127.0.0.1:{pages.port}/normal").result
    assert (result.reason, "secure connection" in result.message) == ("navigation", True)


@in_both_browsers
@pytest.mark.parametrize("path", ["/status/404", "/status/500", "/status/500?empty=1", "/moves-to-404"])
def test_an_unexpected_status_fails_with_its_code(capture: Capture, path: str) -> None:
    result = capture(path).result
    assert result.reason == "status"
    assert result.http_status in (404, 500)
    assert str(result.http_status) in result.message


@in_both_browsers
def test_a_page_that_asks_for_credentials_says_so(capture: Capture) -> None:
    result = capture("/members").result
    assert (result.reason, result.failed_step) == ("status", "goto")
    assert "401" in result.message
    assert "asks for credentials" in result.message


def test_an_expected_status_is_captured(capture: Capture) -> None:
    result = capture("/status/404", expected_status=[404]).result
    assert (result.status, result.http_status) == ("finished", 404)


@in_both_browsers
@pytest.mark.parametrize("path", ["/never", "/never-loads", "/trickle"])
def test_a_page_that_never_loads_times_out(capture: Capture, path: str) -> None:
    result = capture(path, navigation_timeout_ms=500).result
    assert (result.reason, result.failed_step) == ("timeout", "goto")
    assert "0.5 s" in result.message


@in_both_browsers
def test_a_page_that_moves_on_is_captured_where_it_arrives(capture: Capture) -> None:
    result = capture("/moves-on").result
    assert result.status == "finished"
    assert result.final_url.endswith("/arrived")


@in_both_browsers
def test_dialogs_popups_and_downloads_do_not_hold_a_page_up(capture: Capture) -> None:
    assert capture("/alert").result.status == "finished"
    assert capture("/popup").result.status == "finished"
    assert capture("/download-later").result.status == "finished"


@in_both_browsers
def test_headers_go_to_the_pages_own_origin_only(capture: Capture, pages: Pages) -> None:
    pages.visits.clear()
    assert capture("/embeds", headers={"X-Secret": "word"}).result.status == "finished"
    seen = {(visit.host, visit.headers.get("x-secret")) for visit in pages.visits}
    assert seen == {(f"127.0.0.1:{pages.port}", "word"), (f"localhost:{pages.port}", None)}


@in_both_browsers
def test_headers_do_not_follow_a_redirect_to_another_origin(capture: Capture, pages: Pages) -> None:
    pages.visits.clear()
    assert capture("/redirect-away", headers={"X-Secret": "word"}).result.status == "finished"
    assert [(visit.path, visit.headers.get("x-secret")) for visit in pages.visits] == [
        ("/redirect-away", "word"),
        ("/normal", None),
    ]


@in_both_browsers
def test_each_job_starts_without_cookies_and_storage(capture: Capture) -> None:
    leave = "localStorage.setItem('a', 1); document.cookie = 'a=1'"
    look = "if (localStorage.length || document.cookie) throw new Error('something was left')"
    assert capture("/normal", task_js=leave).result.status == "finished"
    assert capture("/normal", task_js=look).result.status == "finished"


@in_both_browsers
def test_a_certificate_nobody_signed_can_be_ignored(capture: Capture, self_signed_url: str) -> None:
    assert "certificate" in capture(self_signed_url).result.message
    assert capture(self_signed_url, ignore_https_errors=True).result.status == "finished"
