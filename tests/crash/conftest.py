"""Servers that a test kills."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.server import Server

StartServer = Callable[..., Server]


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Starts ``scene serve`` on a folder of this test, with settings by name."""
    servers: list[Server] = []

    def start(folder: str = "data", **settings: str) -> Server:
        servers.append(Server(tmp_path / folder, **settings))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop()
