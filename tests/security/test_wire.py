"""What no well-behaved client sends: byte by byte, to a server that listens."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from scene.bootstrap import Scene
from scene.listening import Listeners, listen
from scene.server import web_server

Send = Callable[..., bytes]
JSON = "Content-Type: application/json"


@pytest.fixture
def listeners(scene: Scene) -> Iterator[Listeners]:
    """Of a server that waits for nobody long."""
    settings = scene.settings.model_copy(update={"port": 0, "request_head_seconds": 0.5, "request_body_seconds": 0.5})
    with listen(settings, traces=True) as listeners:
        server = web_server(scene.services, settings, listeners)
        thread = threading.Thread(target=server.run, kwargs={"sockets": listeners.sockets})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield listeners
        server.should_exit = True
        thread.join()


@pytest.fixture
def send(listeners: Listeners) -> Send:
    """Sends parts of a request, waits after each, and gives all that is answered until the server closes."""

    def exchange(*parts: bytes | str, wait: float = 0, port: int | None = None) -> bytes:
        address = (listeners.web.getsockname()[0], port or listeners.web.getsockname()[1])
        with socket.create_connection(address, timeout=10) as connection:
            for part in parts:
                try:
                    connection.sendall(part.encode() if isinstance(part, str) else part)
                except (BrokenPipeError, ConnectionResetError):
                    break
                time.sleep(wait)
            answer = b""
            try:
                while received := connection.recv(65_536):
                    answer += received
            except ConnectionResetError:
                pass
            return answer

    return exchange


def request(method: str, path: str, *headers: str, body: str = "") -> str:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_who_never_finishes_the_head_is_cut_off(send: Send) -> None:
    begun = time.monotonic()
    for parts in ([], ["GET / HTTP/1.1\r\n"], ["G"]):
        answer = send(*parts)
        assert status(answer) == 408
    assert time.monotonic() - begun < 5


def test_a_trickle_is_no_way_around_it(send: Send) -> None:
    begun = time.monotonic()
    answer = send(*(["GET /health HTTP/1.1\r\n"] + [f"X-{number}: y\r\n" for number in range(50)]), wait=0.1)
    assert status(answer) == 408 or answer == b""
    assert time.monotonic() - begun < 8


def test_a_second_request_on_the_connection_is_timed_too(send: Send) -> None:
    begun = time.monotonic()
    answer = send("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "GET /health HT", wait=1)
    assert status(answer) == 200
    assert answer.count(b"HTTP/1.1 200") == 1
    assert time.monotonic() - begun < 9


def test_who_never_finishes_the_body_is_cut_off(send: Send) -> None:
    begun = time.monotonic()
    answer = send(request("POST", "/api/projects", JSON, "Content-Length: 1000", body="{"))
    assert status(answer) == 408
    assert time.monotonic() - begun < 5
    trickle = send(request("POST", "/api/projects", JSON, "Transfer-Encoding: chunked"), *["1\r\n \r\n"] * 20, wait=0.1)
    assert trickle == b"" or status(trickle) == 408


def test_who_is_merely_slow_is_served(send: Send) -> None:
    head, _, rest = request("GET", "/health").partition("\r\n")
    assert status(send(head, "\r\n" + rest, wait=0.2)) == 200


def test_others_are_served_meanwhile(send: Send, listeners: Listeners) -> None:
    waiting = [socket.create_connection(listeners.web.getsockname()) for _ in range(100)]
    for connection in waiting:
        connection.sendall(b"POST /api/projects HTTP/1.1\r\n")
    assert status(send(request("GET", "/health"))) == 200
    for connection in waiting:
        connection.close()


@pytest.mark.parametrize("path", ["/api/projects", "/projects"])
def test_a_body_without_a_length_ends_when_it_is_too_large(send: Send, path: str) -> None:
    kind = JSON if path.startswith("/api") else "Content-Type: application/x-www-form-urlencoded"
    chunk = "10000\r\n" + "a" * 65_536 + "\r\n"
    answer = send(request("POST", path, kind, "Transfer-Encoding: chunked"), *[chunk] * 40, "0\r\n\r\n")
    assert answer == b"" or (status(answer), b"at most 2,000,000 bytes" in answer) == (413, True), answer[:300]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (("Content-Length: 2000001",), 413),
        (("Content-Length: 99999999999999999999",), 413),
        (("Content-Length: -1",), 400),
        (("Content-Length: 1", "Content-Length: 2"), 400),
        (("Content-Length: 1", "Transfer-Encoding: chunked"), 415),
        (("X-Large: " + "a" * 200_000,), 400),
        (("X-Folded: a\r\nEvil\rHeader: b",), 400),
    ],
)
def test_a_head_that_lies_is_refused(send: Send, headers: tuple[str, ...], expected: int) -> None:
    assert status(send(request("POST", "/api/projects", *headers))) == expected


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/static/..%5c..%5c..%5cetc%5cpasswd",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/....//....//etc/passwd",
        "/static/%00/etc/passwd",
        "/static/%252e%252e%252fetc%252fpasswd",
        "//etc/passwd",
        "/artifacts/../../../../etc/passwd",
        "/artifacts/..%2f..%2f..%2fetc/passwd",
        "/artifacts/%2e%2e/%2fetc%2fpasswd",
        "/artifacts/..%2fscene.db/scene.db",
        "/api/artifacts/..%2f..%2fsecret.key",
        "/traces/..%2f..%2fsecret.key",
        "/viewer/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/viewer/%2e%2e/%2e%2e/%2e%2e/package.json",
        "/traces/x/..%2f..%2fsecret.key",
    ],
)
def test_no_path_leads_out(send: Send, listeners: Listeners, path: str) -> None:
    assert listeners.trace_port is not None
    for port in (None, listeners.trace_port):
        answer = send(request("GET", path), port=port)
        assert status(answer) in (400, 403, 404, 405), answer[:200]
        for secret in (b"root:", b"SQLite format", b'"name": "playwright'):
            assert secret not in answer


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        ("Origin: https://evil.example", "Content-Type: application/x-www-form-urlencoded"),
        ("Origin: null", "Content-Type: text/plain"),
        ("Sec-Fetch-Site: cross-site", "Content-Type: multipart/form-data; boundary=x"),
        ("Sec-Fetch-Site: same-site", JSON),
        ("Origin: http://127.0.0.1.evil.example", JSON),
    ],
)
def test_what_a_form_of_another_site_posts_is_refused(send: Send, method: str, headers: tuple[str, ...]) -> None:
    for path in ("/api/projects", "/projects", "/sign-out", "/configuration", "/nothing"):
        assert status(send(request(method, path, *headers, "Content-Length: 0"))) == 403, path


@pytest.mark.parametrize(
    "path", ["/sign-in?next=%0d%0aSet-Cookie:%20evil=1", "/runs?cursor=%0d%0aX-Evil:1", "/%0d%0aX-Evil:1"]
)
def test_no_address_writes_a_header(send: Send, path: str) -> None:
    head = send(request("GET", path)).partition(b"\r\n\r\n")[0].lower()
    assert b"\r\nset-cookie" not in head
    assert b"\r\nx-evil" not in head
