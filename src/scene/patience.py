"""How long a client may take to send a request: uvicorn itself waits for ever, and each that waits holds a connection.

Not to answer: reading a long log or a large picture slowly is fine.
"""

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_LATE: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def patient_protocol(head_seconds: float, body_seconds: float) -> type[asyncio.Protocol]:
    """For uvicorn's ``http``: HTTP/1.1, of which the head of a request, and then its body, must be there in time."""

    return type("Patient", (_Patient,), {"seconds": {"head": head_seconds, "body": body_seconds}})


class _Patient(H11Protocol):
    seconds: dict[str, float]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._awaited: str | None = None
        self._alarm: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._await(None)

    def _expect(self) -> None:
        """What of a request is missing. Between requests nothing is: that wait is uvicorn's own."""
        awaited = {h11.IDLE: "head", h11.SEND_BODY: "body"}.get(self.conn.their_state)
        if awaited != self._awaited:
            self._await(awaited)

    def _await(self, awaited: str | None) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._awaited, self._alarm = awaited, None
        if awaited is not None:
            self._alarm = self.loop.call_later(self.seconds[awaited], self._give_up)

    def _give_up(self) -> None:
        self._alarm = None
        if not self.transport.is_closing():
            if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                self.transport.write(_LATE)
            self.transport.close()
