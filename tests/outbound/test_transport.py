"""Requests that the server makes, against real servers."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from scene.errors import AddressRefused
from scene.outbound.gate import Gate
from scene.outbound.transport import guarded_client
from tests.support.receiver import Answer, Receiver

HERE = Gate(["127.0.0.1"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def post(gate: Gate, url: str, seconds: float = 10) -> httpx2.Response:
    with guarded_client(gate, seconds=seconds) as client:
        return client.post(url, content=b"{}")


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """What names resolve to, answer by answer; the last one stays. Gives the list of names asked for."""
    asked: list[str] = []
    genuine = socket.getaddrinfo

    def resolve(host: str, port: int, *more: Any, **options: Any) -> list[Any]:
        if host[:1].isdigit() or ":" in host:
            return genuine(host, port, *more, **options)
        asked.append(host)
        answer = answers[min(len(asked), len(answers)) - 1]
        return [entry for address in answer for entry in genuine(address, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_an_allowed_address_is_reached(receiver: Receiver) -> None:
    assert post(HERE, receiver.url).status_code == 200


def test_an_address_that_is_not_allowed_gets_no_connection(receiver: Receiver) -> None:
    with pytest.raises(AddressRefused, match="loopback"):
        post(Gate(), receiver.url)
    assert receiver.received == []


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "[::1]"])
def test_other_spellings_of_loopback_get_no_connection(receiver: Receiver, host: str) -> None:
    with pytest.raises(AddressRefused):
        post(Gate(), f"http://{host}:{receiver.port}/")
    assert receiver.received == []


def test_the_vetted_address_is_the_dialled_one(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is judged and loopback when it is dialled: it is resolved once."""
    asked = resolving(monkeypatch, ["127.0.0.1"], ["8.8.8.8"])
    url = f"http://rebinding.example:{receiver.port}/"
    with pytest.raises(AddressRefused, match=r"127\.0\.0\.1"):
        post(Gate(), url)
    assert asked == ["rebinding.example"]


def test_the_host_header_stays_the_name(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["127.0.0.1"])
    post(HERE, f"http://hooks.example:{receiver.port}/")
    assert receiver.received[0].headers["host"] == f"hooks.example:{receiver.port}"


def test_of_several_addresses_one_that_answers_is_found(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    assert post(Gate(["127.0.0.0/8"]), f"http://two.example:{receiver.port}/").status_code == 200


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.otherwise = Answer(302, {"Location": f"{receiver.url}/elsewhere"})
    assert post(HERE, receiver.url).status_code == 302
    assert len(receiver.received) == 1


def test_a_proxy_of_the_environment_is_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert post(HERE, receiver.url).status_code == 200


@pytest.mark.parametrize("answer", [Answer(hangs=True), Answer(drips=True)])
def test_a_request_is_over_in_time_however_slow_the_answer(receiver: Receiver, answer: Answer) -> None:
    receiver.otherwise = answer
    with pytest.raises(httpx2.TimeoutException):
        post(HERE, receiver.url, seconds=0.5)


def test_a_resolver_that_hangs_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (never.wait(60), [])[1])
    with pytest.raises(httpx2.ConnectTimeout, match="resolved in time"):
        post(HERE, "http://slow.example/", seconds=0.3)
    never.set()


def test_a_name_that_does_not_resolve_is_said() -> None:
    with pytest.raises(httpx2.ConnectError, match="cannot be resolved"):
        post(HERE, "http://nothing.invalid/")


def test_nothing_listens(receiver: Receiver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(httpx2.ConnectError):
            post(HERE, f"http://127.0.0.1:{free.getsockname()[1]}/")


def test_https_is_spoken_with_certificates_checked(receiver: Receiver) -> None:
    with pytest.raises(httpx2.ConnectError):
        post(HERE, f"https://127.0.0.1:{receiver.port}/")
    assert receiver.received == []
