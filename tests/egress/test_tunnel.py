"""Connections through one stream of frames."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from scene_runner.frames import FrameDecoder, FrameWriter, Kind, NoFrame, Send
from scene_runner.tunnel import WINDOW, Tunnel


@pytest.fixture
def tunnels() -> Iterator[tuple[Tunnel, Tunnel]]:
    """Two ends, each of which hears what the other sends."""
    ends: list[Tunnel] = []

    def to(other: int) -> Send:
        def send(kind: Kind, channel: int, payload: bytes) -> None:
            ends[other].feed(kind, channel, payload)

        return send

    ends += [Tunnel(to(1)), Tunnel(to(0))]
    yield ends[0], ends[1]
    for end in ends:
        end.close()
    for end in ends:
        end.join()


def connected(tunnels: tuple[Tunnel, Tunnel], channel: int) -> tuple[socket.socket, socket.socket]:
    outside = []
    for tunnel in tunnels:
        ours, its = socket.socketpair()
        ours.settimeout(20)
        tunnel.add(channel, its)
        outside.append(ours)
    return outside[0], outside[1]


def receive(end: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count and (more := end.recv(count - len(got))):
        got += more
    return got


def test_a_slow_connection_holds_up_no_other(tunnels: tuple[Tunnel, Tunnel]) -> None:
    slow, _nobody_reads = connected(tunnels, 1)
    slow.settimeout(0.2)
    with pytest.raises(TimeoutError):
        slow.sendall(bytes(50 * WINDOW))
    here, there = connected(tunnels, 2)
    here.sendall(b"quick")
    assert receive(there, 5) == b"quick"
    for end in (slow, _nobody_reads, here, there):
        end.close()


def test_much_goes_through_unchanged(tunnels: tuple[Tunnel, Tunnel]) -> None:
    here, there = connected(tunnels, 1)
    much = bytes(range(256)) * 2_000
    for start in range(0, len(much), 128_000):
        here.sendall(much[start : start + 128_000])
        assert receive(there, len(much[start : start + 128_000])) == much[start : start + 128_000]
    here.shutdown(socket.SHUT_WR)
    assert there.recv(1) == b""
    there.sendall(b"the other half is open")
    assert receive(here, 22) == b"the other half is open"
    here.close()
    there.close()


def test_frames_come_in_any_pieces() -> None:
    class Sink:
        data = b""

        def write(self, data: bytes) -> None:
            self.data += data

    sink = Sink()
    FrameWriter(sink).send(Kind.LINE, 0, b"{}")
    FrameWriter(sink).send(Kind.DATA, 7, b"abc")
    decoder = FrameDecoder()
    frames: list[Any] = [frame for byte in sink.data for frame in decoder.feed(bytes([byte]))]
    assert frames == [(Kind.LINE, 0, b"{}"), (Kind.DATA, 7, b"abc")]


@pytest.mark.parametrize("nonsense", [b"\x01\0\0\0\0\xff\xff\xff\xff", b"\x63\0\0\0\0\0\0\0\0"])
def test_what_is_no_frame_is_refused(nonsense: bytes) -> None:
    with pytest.raises(NoFrame):
        list(FrameDecoder().feed(nonsense))
