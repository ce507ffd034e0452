"""One runner in a container of its own, reached by nothing but the stream that the engine attaches."""

import json
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

from scene.egress.proxy import Egress
from scene.egress.session import Session
from scene.launch.base import Ending
from scene.launch.docker.engine import Engine, EngineError
from scene.launch.docker.hardening import create
from scene.launch.docker.options import ContainerOptions
from scene.launch.docker.received import ReceivedFiles
from scene.launch.docker.stream import AttachedStream, StreamEnded
from scene.launch.output import RunnerOutput
from scene.launch.runner import RunnerGone
from scene_runner.contained_protocol import OUTPUT, PROXY
from scene_runner.frames import FrameDecoder, FrameWriter, Kind, NoFrame
from scene_runner.protocol import BrowserChoice, CaptureJob, Json, dump, dump_end
from scene_runner.tunnel import Tunnel

_END_SECONDS = 3.0
_MIB = 1024 * 1024


class RunnerContainer:
    """Implements Runner."""

    def __init__(
        self, engine: Engine, image: str, choice: BrowserChoice, options: ContainerOptions, egress: Egress, name: str
    ) -> None:
        """Starts the container and its browser; the browser is up once the ``ready`` event has come.

        Raises EngineError.
        """
        self.choice = choice
        self.ready = False
        self.jobs = 0
        self.started_at = time.monotonic()
        self.memory_bytes = 0
        self.name = name
        self._engine = engine
        self._image = image
        self._options = options
        self._egress = egress
        self._session: Session | None = None
        self._received: ReceivedFiles | None = None
        self._oom_kills = 0
        self._exit_code: int | None = None
        self._output = RunnerOutput()
        self._removing = threading.Lock()
        self._removed = False
        self.id = create(engine, image, name, options)
        try:
            self._stream = AttachedStream(engine.attach(self.id))
            self._frames = FrameWriter(self._stream)
            self._tunnel = Tunnel(self._frames.send)
            try:
                engine.start(self.id)
            except EngineError:
                self._stream.close()
                raise
        except EngineError:
            with suppress(EngineError):
                engine.remove(self.id)
            raise
        threading.Thread(target=self._read, name="container", daemon=True).start()
        with suppress(RunnerGone):  # next_event will say so
            self._send(dump(choice))

    @property
    def alive(self) -> bool:
        return not self._removed and not self._stream.ended

    def serve(self, session: Session | None) -> None:
        """Which session the browser's connections belong to from now on; none refuses them."""
        self._session = session

    def start_job(self, job: CaptureJob) -> None:
        self.jobs += 1
        self._output.forget_log()
        self._received = ReceivedFiles(Path(job.output_dir))
        document = json.loads(dump(job))
        proxy = PROXY if self._options.isolated else None
        self._send(json.dumps({**document, "output_dir": OUTPUT, "proxy": proxy}))

    def ask_to_end(self, job_id: str) -> None:
        with suppress(RunnerGone):
            self._send(dump_end(job_id))

    def next_event(self, timeout_seconds: float) -> Json | None:
        return self._output.next_event(timeout_seconds)

    def memory(self, enough: int) -> int:  # noqa: ARG002  the kernel keeps the limit
        return 0

    def out_of_memory(self) -> str | None:
        if not self._oom_kills:
            return None
        return f"The page needed more memory than a container may use: {self._options.memory_mb} MiB."

    def death(self) -> tuple[Ending, str]:
        try:
            state = self._engine.state(self.id)
            deadline = time.monotonic() + _END_SECONDS
            while state and state.running and time.monotonic() < deadline:
                time.sleep(0.02)
                state = self._engine.state(self.id)
        except EngineError as error:
            return Ending.ENGINE_GONE, str(error)
        finally:
            self.kill()
        if state is None:
            return Ending.CRASH, "The runner's container was removed by somebody else."
        if state.running:
            return Ending.ENGINE_GONE, "The engine broke off the stream of a container that runs."
        self._exit_code = state.exit_code
        if state.out_of_memory:
            message = f"The page needed more memory than a container may use: {self._options.memory_mb} MiB."
            return Ending.OUT_OF_MEMORY, message
        return Ending.CRASH, f"The runner's container ended unexpectedly, with exit code {state.exit_code}."

    def log(self) -> str:
        return self._output.log()

    def exit_code(self) -> int | None:
        return self._exit_code

    def kill(self) -> None:
        with self._removing:
            if self._removed:
                return
            with suppress(EngineError):  # an engine that is gone: the sweep finds what it left
                self._engine.remove(self.id)
            self._removed = True
        self._tunnel.close()
        self._stream.close()

    def measure(self) -> None:
        """Ask what it uses while it waits."""
        with suppress(EngineError):
            self.memory_bytes = self._engine.memory(self.id)

    def rename(self, name: str) -> None:
        """So that a list of containers says what each is busy with."""
        with suppress(EngineError):
            self._engine.rename(self.id, name)
            self.name = name

    def _send(self, line: str) -> None:
        try:
            self._frames.send(Kind.LINE, 0, line.encode())
        except OSError as error:
            raise RunnerGone from error

    def _read(self) -> None:
        decoder = FrameDecoder()
        try:
            while True:
                is_log, data = self._stream.read()
                if is_log:
                    self._output.add_log(data)
                    continue
                for kind, channel, payload in decoder.feed(data):
                    self._take(kind, channel, payload)
        except NoFrame as error:
            self._output.add_log(f"What came from the container cannot be read: {error}.\n".encode())
        except (StreamEnded, OSError):
            pass
        self._stream.ended = True
        self._tunnel.close()
        self._output.end()

    def _take(self, kind: Kind, channel: int, payload: bytes) -> None:
        if kind is Kind.LINE:
            self._take_line(payload)
        elif kind is Kind.FILE:
            name, _, content = payload.partition(b"\0")
            self._take_file(name.decode(errors="replace"), content)
        elif kind is Kind.OPEN:
            self._open(channel)
        else:
            self._tunnel.feed(kind, channel, payload)

    def _take_line(self, line: bytes) -> None:
        with suppress(ValueError, TypeError, KeyError):
            event = json.loads(line)
            if event["event"] == "oom_kills":
                self._oom_kills = int(event["count"])
                return
            if event["event"] == "result" and self._received is not None:
                event["result"] = self._received.judge(event["result"])
                if event["result"].get("renderer"):
                    event["result"]["renderer"] |= {"image": self._image, "host": None}
            self._output.add_event(event)

    def _take_file(self, name: str, content: bytes) -> None:
        if self._received is None:
            raise NoFrame(f"a file named {name[:50]!r}, before any job")
        try:
            self._received.add(name, content)
        except OSError as error:
            self._output.add_log(f"{name} could not be written: {error.strerror}.\n".encode())

    def _open(self, channel: int) -> None:
        session = self._session
        if session is None:
            self._frames.send(Kind.RESET, channel)
            return
        ours, proxys = socket.socketpair()
        self._tunnel.add(channel, ours)
        self._egress.adopt(session, proxys)
