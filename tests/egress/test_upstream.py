"""A machine that reaches the web by a proxy of its own: pages go that way too."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scene.egress.http import Request
from scene.egress.proxy import Egress
from scene.egress.upstream import Upstreams
from tests.egress.test_proxy import ask, log
from tests.runner.program import make_job
from tests.support.site import Site


class Upstream:
    """Takes one connection, and says what it was asked."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._server = socket.create_server(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.asked = b""
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._server.accept()
        with connection:
            while b"\r\n\r\n" not in self.asked:
                self.asked += connection.recv(4_096)
            connection.sendall(self._answer)

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    upstream = Upstream(b"HTTP/1.1 200 Fine\r\n\r\nhello")
    yield upstream
    upstream.close()


def by(upstream: Upstream, **more: str) -> Egress:
    url = f"http://ann:p%40ss@{upstream.place}"
    return Egress(loopback=False, upstreams=Upstreams({"http_proxy": url, "HTTPS_PROXY": url, **more}))


def test_a_plain_request_goes_to_it_whole(upstream: Upstream, tmp_path: Path) -> None:
    egress = by(upstream)
    session = egress.listening_session(make_job("http://shop.invalid/", tmp_path))
    answer = ask(session, "GET http://shop.invalid/a?b=c HTTP/1.1\nHost: shop.invalid\n\n")
    assert answer.endswith(b"hello")
    assert upstream.asked.startswith(b"GET http://shop.invalid:80/a?b=c HTTP/1.1\r\nHost: shop.invalid\r\n")
    assert b"Proxy-Authorization: Basic YW5uOnBAc3M=\r\n" in upstream.asked
    assert f"by {upstream.place}" in log(session, tmp_path)
    assert "YW5u" not in log(session, tmp_path)
    egress.close()


def test_a_tunnel_goes_through_it(upstream: Upstream, tmp_path: Path) -> None:
    egress = by(upstream)
    session = egress.listening_session(make_job("https://shop.invalid/", tmp_path))
    assert ask(session, "CONNECT shop.invalid:443 HTTP/1.1\n\n").endswith(b"\r\n\r\nhello")
    assert upstream.asked.startswith(b"CONNECT shop.invalid:443 HTTP/1.1\r\nHost: shop.invalid:443\r\n")
    egress.close()


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Who\r\n\r\n", b"nonsense\r\n\r\n", b""])
def test_what_it_refuses_is_said(answer: bytes, tmp_path: Path) -> None:
    upstream = Upstream(answer)
    egress = by(upstream)
    session = egress.listening_session(make_job("https://shop.invalid/", tmp_path))
    assert b" 502 " in ask(session, "CONNECT shop.invalid:443 HTTP/1.1\n\n")
    assert "the proxy of its network" in (session.problem("shop.invalid", 443) or "")
    egress.close()
    upstream.close()


@pytest.mark.parametrize("host", ["169.254.169.254", "127.0.0.1", "[fd00:ec2::254]"])
def test_what_is_never_reached_is_not_reached_by_it(upstream: Upstream, tmp_path: Path, host: str) -> None:
    egress = by(upstream)
    session = egress.listening_session(make_job("http://shop.invalid/", tmp_path))
    assert b" 403 " in ask(session, f"CONNECT {host}:443 HTTP/1.1\n\n")
    assert upstream.asked == b""
    egress.close()


def test_the_lists_of_the_project_count_before_it(upstream: Upstream, tmp_path: Path) -> None:
    egress = by(upstream)
    session = egress.listening_session(make_job("http://shop.invalid/", tmp_path, denied_hosts=["*.invalid"]))
    assert b" 403 " in ask(session, "CONNECT shop.invalid:443 HTTP/1.1\n\n")
    assert upstream.asked == b""
    egress.close()


@pytest.mark.parametrize("more", [{"no_proxy": "127.0.0.1"}, {}])
def test_this_machine_is_reached_directly(upstream: Upstream, site: Site, tmp_path: Path, more: dict[str, str]) -> None:
    url = f"http://{upstream.place}"
    egress = Egress(loopback=True, upstreams=Upstreams({"http_proxy": url, **more}))
    session = egress.listening_session(make_job(site.url, tmp_path))
    assert b"Welcome." in ask(session, f"GET {site.url}/ HTTP/1.1\nHost: {site.url[7:]}\n\n")
    egress.close()


def test_hosts_that_are_excepted_are_not_asked_of_it() -> None:
    upstreams = Upstreams({"ALL_PROXY": "http://proxy.invalid:3128", "NO_PROXY": "intra.example, .corp.example"})
    assert {host: by_proxy(upstreams, host) for host in ("intra.example", "a.corp.example", "shop.example")} == {
        "intra.example": False,
        "a.corp.example": False,
        "shop.example": True,
    }


@pytest.mark.parametrize("url", ["socks5://proxy.invalid:1080", "http://", "ftp://proxy.invalid"])
def test_a_proxy_that_is_not_spoken_with_is_none(url: str) -> None:
    assert not by_proxy(Upstreams({"http_proxy": url, "https_proxy": url}), "shop.example")


def by_proxy(upstreams: Upstreams, host: str) -> bool:
    return upstreams.to(Request("CONNECT", host, 443, True, "", [], 0)) is not None
