"""What a page in a container reaches, and how."""

import base64
import hashlib
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scene.launch.docker.launcher import DockerLauncher
from tests.containers.conftest import MakeJob, finished
from tests.support.engine import ContainerEngine

_GREET = """
const socket = new WebSocket('ws://127.0.0.1:PORT/');
socket.onopen = () => socket.send('hello');
await new Promise((resolve, reject) => {
    socket.onmessage = event => { console.log('heard ' + event.data); resolve(); };
    socket.onclose = event => reject(new Error('closed ' + event.code));
});
"""


@contextmanager
def echo() -> Iterator[int]:
    """The port of a server of web sockets that sends back one short message (RFC 6455)."""

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            head = connection.recv(65_536).decode()
            key = re.search(r"Sec-WebSocket-Key: (\S+)", head)
            assert key
            accept = base64.b64encode(hashlib.sha1(f"{key[1]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest())
            connection.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
            )
            frame = connection.recv(65_536)
            length, mask, masked = frame[1] & 127, frame[2:6], frame[6:]
            text = bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked[:length]))
            connection.sendall(bytes([0x81, length]) + text)
            connection.recv(65_536)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(30)
        assert not thread.is_alive()


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_a_web_socket_goes_through_the_proxy(launcher: DockerLauncher, job: MakeJob, browser: str) -> None:
    with echo() as port:
        talking = job(task_js=_GREET.replace("PORT", str(port)), network=True)
        finished(launcher, talking, browser)
    assert "heard hello" in Path(talking.output_dir, "console.jsonl").read_text()
    log = [json.loads(line) for line in Path(talking.output_dir, "egress.jsonl").read_text().splitlines()]
    (tunnel,) = [entry for entry in log if entry["url"].endswith(f":{port}")]
    assert tunnel["type"] == "tunnel"
    assert tunnel["received_bytes"] > len("hello")


@pytest.fixture
def neighbourhood(containers: ContainerEngine) -> Iterator[tuple[str, str]]:
    """A network of the engine, and the address of a site that only its containers reach."""
    client = containers.engine.client
    name = f"scene-{containers.options().owner}"
    network = client.create_network(name, driver="bridge", internal=True)["Id"]
    config = client.create_container_config(
        containers.image,
        command=None,
        entrypoint=["/opt/scene/bin/python", "-m", "http.server", "8080", "--directory", "/usr/share/fonts"],
        host_config=client.create_host_config(network_mode=name),
        networking_config=client.create_networking_config({name: client.create_endpoint_config(aliases=["shop"])}),
    )
    site = client.create_container_from_config(config)["Id"]
    try:
        client.start(site)
        yield name, "http://shop:8080/"
    finally:
        client.remove_container(site, force=True)
        client.remove_network(network)


def test_a_network_of_the_engine_takes_the_place_of_the_proxy(
    containers: ContainerEngine, neighbourhood: tuple[str, str], job: MakeJob
) -> None:
    network, url = neighbourhood
    launcher = containers.launcher(network=network)
    captured = job(url=url)
    finished(launcher, captured)
    assert not Path(captured.output_dir, "egress.jsonl").exists(), "no proxy has seen anything"
    launcher.close()
