"""``python -m scene_runner.contained``: a runner whose lines, files and network all go through stdin and stdout.

It needs no network, no shared folder and no more than the stream that an engine attaches, wherever that engine is.
"""

import os
import socket
import sys
import threading
from pathlib import Path

from scene_runner import out_of_memory
from scene_runner.__main__ import carry_on
from scene_runner.contained_protocol import OUTPUT, PROXY_PORT
from scene_runner.frames import CHUNK, FrameDecoder, FrameWriter, Kind, NoFrame
from scene_runner.outbox import Outbox
from scene_runner.protocol import CaptureResult, event
from scene_runner.report import EventLines
from scene_runner.tunnel import Tunnel

_LIFETIME_SECONDS = int(os.environ.get("SCENE_LIFETIME_SECONDS", "0"))


class FramedEvents(EventLines):
    """Events in frames; the files of a job go before its result."""

    def __init__(self, writer: FrameWriter, outbox: Outbox) -> None:
        self._writer = writer
        self._outbox = outbox

    def send(self, name: str, **data: object) -> None:
        if name == "started":
            self._outbox.begin()
        self._writer.send(Kind.LINE, 0, event(name, **data).encode())

    def send_result(self, result: CaptureResult) -> None:
        self._outbox.ship()
        self.send("oom_kills", count=out_of_memory.kills())
        super().send_result(result)


class _FileSink:
    """A file descriptor, to which everything is written."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]


class _Door:
    """Takes the connections of the browser, and passes them on as they are: the proxy is at the other end."""

    def __init__(self, writer: FrameWriter) -> None:
        self._writer = writer
        self._tunnel = Tunnel(writer.send)
        self._listener = socket.create_server(("127.0.0.1", PROXY_PORT), backlog=256)
        threading.Thread(target=self._take, name="door", daemon=True).start()

    def feed(self, kind: Kind, channel: int, payload: bytes) -> None:
        self._tunnel.feed(kind, channel, payload)

    def _take(self) -> None:
        channel = 0
        while True:
            connected, _ = self._listener.accept()
            channel += 1
            self._writer.send(Kind.OPEN, channel)
            self._tunnel.add(channel, connected)


def _read(descriptor: int, lines: int, door: _Door) -> None:
    """Until the stream ends; then the end of the lines tells the runner to end."""
    decoder = FrameDecoder()
    try:
        while data := os.read(descriptor, CHUNK):
            for kind, channel, payload in decoder.feed(data):
                if kind is Kind.LINE:
                    os.write(lines, payload + b"\n")
                else:
                    door.feed(kind, channel, payload)
    except (OSError, NoFrame) as error:
        sys.stderr.write(f"The stream of the server broke: {error}.\n")
    finally:
        os.close(lines)


def main() -> None:
    # Stdout belongs to the frames: whatever else is printed, by a library for example, goes to the log.
    writer = FrameWriter(_FileSink(os.dup(1)))
    os.dup2(2, 1)
    outbox = Outbox(Path(OUTPUT), writer)
    read_end, write_end = os.pipe()
    door = _Door(writer)
    threading.Thread(target=_read, args=[0, write_end, door], name="frames", daemon=True).start()
    if _LIFETIME_SECONDS:
        # Nobody may be left who would end this container.
        timer = threading.Timer(_LIFETIME_SECONDS, os._exit, [0])
        timer.daemon = True
        timer.start()
    carry_on(os.fdopen(read_end, "rb"), FramedEvents(writer, outbox))


if __name__ == "__main__":
    main()
