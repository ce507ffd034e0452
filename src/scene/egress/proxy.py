"""An HTTP proxy for browsers: plain requests, and CONNECT for whatever else, web sockets included.

It speaks HTTP/1.1 with one request a connection. One loop in a thread of its own moves every byte: a page opens dozens
of connections, and a pair of threads for each would be many.
"""

import asyncio
import socket
import threading
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

from scene.egress.dialling import Dialler
from scene.egress.http import BadRequest, Request, read_request, response_head
from scene.egress.session import Entry, Refused, Session
from scene.egress.upstream import Upstreams
from scene_runner.protocol import CaptureJob

_CHUNK = 64 * 1024
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Egress:
    """Thread-safe. Its thread begins with the first session."""

    def __init__(self, *, loopback: bool, upstreams: Upstreams | None = None) -> None:
        """loopback: whether pages may be on this machine itself. upstreams: by which proxies it reaches others."""
        self._dialler = Dialler(loopback=loopback, upstreams=upstreams or Upstreams({}))
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._tasks: dict[Session, set[asyncio.Task[None]]] = {}
        self._listeners: dict[Session, asyncio.Server] = {}
        self._unopened: set[socket.socket] = set()

    def session(self, job: CaptureJob) -> Session:
        loop = self._running()
        session = Session(job, self._close_session)
        loop.call_soon_threadsafe(self._tasks.setdefault, session, set())
        return session

    def listening_session(self, job: CaptureJob) -> Session:
        """One that has a port on loopback of its own. Raises OSError when there is none."""
        session = self.session(job)
        session.port = asyncio.run_coroutine_threadsafe(self._listen(session), self._running()).result()
        return session

    def adopt(self, session: Session, connected: socket.socket) -> None:
        """Serve a connection of the session's browser; the socket is closed here."""
        self._running().call_soon_threadsafe(self._begin, session, connected)

    def close(self) -> None:
        """End every session."""
        with self._lock:
            loop, self._loop = self._loop, None
            thread, self._thread = self._thread, None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._end_all(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="egress", daemon=True)
                self._thread.start()
            return self._loop

    def _close_session(self, session: Session) -> None:
        with self._lock:
            loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self._end, session)

    # What follows runs in the loop's thread.

    async def _listen(self, session: Session) -> int:
        async def take(reader: StreamReader, writer: StreamWriter) -> None:
            task = asyncio.current_task()
            tasks = self._tasks.get(session)
            if tasks is None or task is None:
                writer.close()
                return
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            await self._serve(session, reader, writer)

        server = await asyncio.start_server(take, "127.0.0.1", 0, backlog=256)
        self._listeners[session] = server
        return int(server.sockets[0].getsockname()[1])

    def _begin(self, session: Session, connected: socket.socket) -> None:
        tasks = self._tasks.get(session)
        if tasks is None:
            connected.close()
            return
        task = asyncio.get_running_loop().create_task(self._serve_socket(session, connected))
        tasks.add(task)

        self._unopened.add(connected)

        def done(task: asyncio.Task[None]) -> None:
            tasks.discard(task)
            if connected in self._unopened:  # the session ended before the task began
                self._unopened.discard(connected)
                connected.close()

        task.add_done_callback(done)

    def _end(self, session: Session) -> None:
        listener = self._listeners.pop(session, None)
        if listener is not None:
            listener.close()
        for task in self._tasks.pop(session, set()):
            task.cancel()

    async def _end_all(self) -> None:
        tasks = [task for each in self._tasks.values() for task in each]
        for session in list(self._tasks):
            self._end(session)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve_socket(self, session: Session, connected: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=connected)
        self._unopened.discard(connected)
        await self._serve(session, reader, writer)

    async def _serve(self, session: Session, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            request = await read_request(reader)
            if request is not None:
                await self._answer(session, request, reader, writer)
        except (OSError, BadRequest, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # one of the two ends broke off
        finally:
            writer.close()

    async def _answer(self, session: Session, request: Request, reader: StreamReader, writer: StreamWriter) -> None:
        entry = Entry(session.elapsed_ms, "tunnel" if request.tunnel else "http", request.method, request.shown)
        begun = False
        try:
            session.begin(entry)
            begun = True
            session.check(request.host, request.port)
            far_reader, far_writer = await self._dialler.dial(request, entry)
        except (Refused, OSError) as error:
            entry.problem = str(error) if isinstance(error, Refused) else _plain(error)
            session.failed(request.host, request.port, entry.problem)
            # A plain request gets no answer at all: an answer of ours would be taken for the page's.
            if request.tunnel:
                writer.write(_FORBIDDEN if isinstance(error, Refused) else _BAD_GATEWAY)
                await writer.drain()
            if begun:
                session.end(entry)
            return
        try:
            if request.tunnel:
                writer.write(_ESTABLISHED)
                await _both(reader, writer, far_reader, far_writer, entry)
            else:
                upstream = self._dialler.upstream(request)
                head = upstream.head(request) if upstream else request.head()
                await _exchange(head, request.body_bytes, reader, writer, far_reader, far_writer, entry)
        finally:
            far_writer.close()
            session.end(entry)


async def _exchange(
    head: bytes,
    body_bytes: int,
    reader: StreamReader,
    writer: StreamWriter,
    far_reader: StreamReader,
    far_writer: StreamWriter,
    entry: Entry,
) -> None:
    """One request and its answer; then both connections are of no more use."""

    async def upload() -> None:
        far_writer.write(head)
        left = body_bytes
        while left and (data := await reader.read(min(left, _CHUNK))):
            left -= len(data)
            entry.sent_bytes += len(data)
            far_writer.write(data)
            await far_writer.drain()
        # Nothing more is expected, and what may come is not passed on. Its end means that nobody waits any more.
        if not await reader.read(1):
            far_writer.close()

    uploading = asyncio.ensure_future(upload())
    try:
        entry.status, answered = await response_head(far_reader)
        writer.write(answered)
        await _pump(far_reader, writer, entry, received=True)
    finally:
        uploading.cancel()
        with suppress(OSError, asyncio.CancelledError):
            await uploading


async def _both(
    reader: StreamReader, writer: StreamWriter, far_reader: StreamReader, far_writer: StreamWriter, entry: Entry
) -> None:
    there = asyncio.ensure_future(_pump(reader, far_writer, entry, received=False))
    back = asyncio.ensure_future(_pump(far_reader, writer, entry, received=True))
    try:
        await asyncio.gather(there, back)
    finally:
        for each in (there, back):
            each.cancel()
            with suppress(OSError, asyncio.CancelledError):
                await each


async def _pump(reader: StreamReader, writer: StreamWriter, entry: Entry, *, received: bool) -> None:
    while data := await reader.read(_CHUNK):
        if received:
            entry.received_bytes += len(data)
        else:
            entry.sent_bytes += len(data)
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


def _plain(error: OSError | TimeoutError) -> str:
    """Why a server was not reached, in the words that a navigation uses."""
    if isinstance(error, socket.gaierror):
        return "the host name is unknown"
    if isinstance(error, ConnectionRefusedError):
        return "the server refused the connection"
    if isinstance(error, TimeoutError):
        return "the server did not answer the connection"
    return f"the server's address cannot be reached ({error.strerror or error})"
