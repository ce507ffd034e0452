"""Spans of OpenTelemetry: the trace of a run has the run's own id, so that whoever knows the one finds the other.

A run's id is 32 hexadecimal digits, as a trace's is; the span of the run itself is told when it ends. Without an
exporter (``exporting.py``) all of this is a few function calls that do nothing.
"""

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import NamedTuple

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags
from opentelemetry.util.types import AttributeValue

_TRACER = trace.get_tracer("scene")
_MS = 1_000_000

FORCED: ContextVar[SpanContext | None] = ContextVar("forced_span", default=None)
"""The ids of the span that is begun next, where they are not random."""


class Told(NamedTuple):
    """Something that took time, and is told afterwards. Times are nanoseconds since the epoch."""

    name: str
    started_ns: int
    ended_ns: int
    failed: bool = False


def run_span(run_id: str) -> SpanContext:
    """Ids of the span of a run, the same in every process."""
    span_id = int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:8]) or 1
    return SpanContext(int(run_id, 16), span_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def of_run(run_id: str) -> Context:
    return trace.set_span_in_context(NonRecordingSpan(run_span(run_id)))


@contextmanager
def attempt(run_id: str, attributes: Mapping[str, AttributeValue]) -> Iterator[None]:
    """Of one attempt, below its run; what is told while it lasts is below it."""
    with _TRACER.start_as_current_span("attempt", of_run(run_id), attributes=attributes):
        yield


def tell(parts: Sequence[Told]) -> None:
    """Below the current span."""
    for part in parts:
        span = _TRACER.start_span(part.name, start_time=part.started_ns)
        if part.failed:
            span.set_status(trace.Status(trace.StatusCode.ERROR))
        span.end(part.ended_ns)


def tell_run(
    run_id: str, created_at: datetime, finished_at: datetime, attributes: Mapping[str, AttributeValue]
) -> None:
    """That a run ended: the root of its trace."""
    forced = FORCED.set(run_span(run_id))
    try:
        span = _TRACER.start_span("run", Context(), start_time=_nanoseconds(created_at), attributes=attributes)
    finally:
        FORCED.reset(forced)
    span.end(_nanoseconds(finished_at))


def ago(milliseconds: float) -> int:
    """A moment that was so long ago."""
    return time.time_ns() - int(milliseconds * _MS)


def later(moment_ns: int, milliseconds: float) -> int:
    return moment_ns + int(milliseconds * _MS)


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000) * _MS
