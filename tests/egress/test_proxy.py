"""The proxy, asked as a browser asks it."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scene.egress.proxy import Egress
from scene.egress.session import Session
from scene_runner.protocol import CaptureJob
from tests.runner.program import make_job
from tests.support.site import Site


@pytest.fixture
def egress() -> Iterator[Egress]:
    egress = Egress(loopback=True)
    yield egress
    egress.close()


@pytest.fixture
def job(tmp_path: Path) -> CaptureJob:
    return make_job("http://page.example/", tmp_path)


def ask(session: Session, request: str) -> bytes:
    """What comes back until the connection is closed."""
    assert session.port
    with socket.create_connection(("127.0.0.1", session.port), timeout=20) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def log(session: Session, folder: Path) -> str:
    session.write_log(folder)
    return (folder / "egress.jsonl").read_text()


def test_a_plain_request_goes_through(egress: Egress, job: CaptureJob, site: Site, tmp_path: Path) -> None:
    session = egress.listening_session(job)
    answer = ask(session, f"GET {site.url}/?q=secret HTTP/1.1\nHost: {site.url[7:]}\nProxy-Connection: keep-alive\n\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == b"200"
    assert b"Connection: close" in head
    assert b"Welcome." in body
    assert "secret" not in log(session, tmp_path)


def test_a_tunnel_carries_whatever_is_in_it(egress: Egress, job: CaptureJob, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        session = egress.listening_session(job)
        assert session.port
        with socket.create_connection(("127.0.0.1", session.port), timeout=20) as browser:
            browser.sendall(f"CONNECT 127.0.0.1:{server.getsockname()[1]} HTTP/1.1\r\n\r\n".encode())
            far, _ = server.accept()
            assert b" 200 " in browser.recv(1_000)
            browser.sendall(b"\x16\x03 hello")
            assert far.recv(100) == b"\x16\x03 hello"
            far.sendall(b"and back")
            assert browser.recv(100) == b"and back"
            far.close()
            assert browser.recv(100) == b""
    assert '"sent_bytes": 8' in log(session, tmp_path)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"denied_hosts": ["127.0.0.1"]}, "the project's denied_hosts 127.0.0.1 forbids it"),
        ({"allowed_hosts": ["*.example.org"]}, "it is not among the project's allowed_hosts"),
    ],
)
def test_the_lists_of_the_project_are_kept(
    egress: Egress, tmp_path: Path, site: Site, rules: dict[str, Any], said: str
) -> None:
    session = egress.listening_session(make_job("http://page.example/", tmp_path, **rules))
    assert ask(session, f"GET {site.url}/ HTTP/1.1\n\n") == b"", "an answer of ours would be taken for the page's"
    assert b" 403 " in ask(session, f"CONNECT 127.0.0.1:{site.port} HTTP/1.1\n\n")
    assert session.problem("127.0.0.1", site.port) == said
    assert site.requests == []


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:a9fe:a9fe]", "0xA9FEA9FE", "2852039166"])
def test_the_metadata_address_is_refused_in_every_form(egress: Egress, job: CaptureJob, host: str) -> None:
    session = egress.listening_session(job)
    assert b" 403 " in ask(session, f"CONNECT {host}:80 HTTP/1.1\n\n")


def test_what_is_not_reached_is_said_in_words(egress: Egress, job: CaptureJob) -> None:
    session = egress.listening_session(job)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert b" 502 " in ask(session, f"CONNECT 127.0.0.1:{port} HTTP/1.1\n\n")
    assert session.problem("127.0.0.1", port) == "the server refused the connection"


@pytest.mark.parametrize("nonsense", ["\x16\x03\x01\n\n", "GET / HTTP/1.1\n\n", "GET ftp://x/ HTTP/1.1\n\n", "X\n\n"])
def test_what_no_browser_says_is_not_answered(egress: Egress, job: CaptureJob, nonsense: str) -> None:
    assert ask(egress.listening_session(job), nonsense) == b""


def test_a_session_that_is_closed_ends_its_connections(egress: Egress, job: CaptureJob) -> None:
    session = egress.session(job)
    ours, proxys = socket.socketpair()
    egress.adopt(session, proxys)
    session.close()
    ours.settimeout(20)
    assert ours.recv(1) == b""
    ours.close()


def test_a_body_goes_with_its_request_and_nothing_after_it(egress: Egress, job: CaptureJob) -> None:
    """A second request on the same connection could be meant for another host."""
    got = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def answer() -> None:
            far, _ = server.accept()
            far.settimeout(20)
            while b"body" not in got:
                got.extend(far.recv(1_000))
            far.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            far.close()

        thread = threading.Thread(target=answer)
        thread.start()
        session = egress.listening_session(job)
        start = f"POST http://127.0.0.1:{port}/form HTTP/1.1\nContent-Length: 4\n\nbody"
        assert ask(session, f"{start}GET http://other.example/ HTTP/1.1\n\n").startswith(b"HTTP/1.1 204")
        thread.join()
    assert b"other.example" not in got
