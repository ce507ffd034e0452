"""The two addresses that Scene listens on."""

from pathlib import Path

import httpx2
import pytest
from pydantic import ValidationError

from scene.errors import SetupError
from scene.listening import listen
from scene.settings import ServerSettings
from tests.support.server import Server


def test_free_ports_are_taken_where_zero_is_asked() -> None:
    with listen(ServerSettings(port=0), traces=True) as listeners:
        ports = [listener.getsockname()[1] for listener in listeners.sockets]
        assert len(set(ports)) == 2
        assert listeners.trace_port == ports[1]
        assert listeners.url == f"http://127.0.0.1:{ports[0]}"


def test_a_port_in_use_is_named_and_nothing_stays_bound() -> None:
    with listen(ServerSettings(port=0), traces=True) as taken:
        web, traces = (listener.getsockname()[1] for listener in taken.sockets)
        with pytest.raises(SetupError, match=f"SCENE_PORT: 127.0.0.1:{web} cannot be used"):
            listen(ServerSettings(port=web), traces=True)
        free = listen(ServerSettings(port=0), traces=False)
        port = free.web.getsockname()[1]
        free.web.close()
        with pytest.raises(SetupError, match=f"SCENE_TRACE_PORT: 127.0.0.1:{traces} cannot be used"):
            listen(ServerSettings(port=port, trace_port=traces), traces=True)
        with listen(ServerSettings(port=port), traces=False) as again:
            assert again.trace_port is None


@pytest.mark.parametrize(("port", "expected"), [(8000, 8001), (0, 0), (65_535, 0)])
def test_the_second_port_follows_the_first(port: int, expected: int) -> None:
    assert ServerSettings(port=port).effective_trace_port == expected
    assert ServerSettings(port=port, trace_port=9).effective_trace_port == 9


@pytest.mark.parametrize("url", ["traces.example.org", "https://a.example.org/traces", "https://a@b", "https://x.org"])
def test_the_viewers_address_is_an_origin_of_its_own(url: str) -> None:
    with pytest.raises(ValidationError, match="traces"):
        ServerSettings(public_url="https://x.org/", trace_url=url)


def test_both_end_with_the_server(tmp_path: Path) -> None:
    server = Server(tmp_path)
    listening = [found.laddr.port for found in server.tree()[0].net_connections() if found.status == "LISTEN"]
    (other,) = {f"http://127.0.0.1:{port}" for port in listening} - {server.url}
    assert httpx2.get(f"{other}/viewer/sw.bundle.js").headers["content-type"].startswith("text/javascript")
    assert httpx2.get(f"{other}/api/projects").status_code == 404
    assert server.client.get("/viewer/sw.bundle.js").status_code == 404
    assert server.stop() == 143
    for address in (other, server.url):
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(address)
