"""The numbers of this process, as Prometheus reads them at ``/metrics``.

What happened is counted in the process whose transaction made it happen, once: the sum over all servers and workers
is the truth. What waits at this moment is asked of the store when somebody looks (``services/observing.py``).
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, PlatformCollector, ProcessCollector

REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

_CAPTURES: Final = (0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 300, 600)
_QUICK: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


def _counter(name: str, words: str, *labels: str) -> Counter:
    return Counter(f"scene_{name}", words, labels, registry=REGISTRY)


def _histogram(name: str, words: str, *labels: str, buckets: tuple[float, ...] = _QUICK) -> Histogram:
    return Histogram(f"scene_{name}", words, labels, buckets=buckets, registry=REGISTRY)


EVENTS = _counter("events", "What happened to runs and executions, as webhooks are told it", "event")
RUNS_ENDED = _counter("runs_ended", "Runs that ended", "purpose", "status", "verdict", "reason")
EXECUTIONS_ENDED = _counter(
    "executions_ended", "Executions that ended for good", "browser", "status", "verdict", "reason"
)

ATTEMPT_SECONDS = _histogram(
    "attempt_seconds", "From capture to record, of each attempt", "browser", "status", buckets=_CAPTURES
)
ATTEMPT_PART_SECONDS = _histogram("attempt_part_seconds", "Where the time of attempts went", "part", buckets=_CAPTURES)
PICTURES = _counter("pictures", "Pictures that were captured", "browser")
COMPARISONS = _counter("comparisons", "Pairs of pictures that were compared", "kind", "verdict")

REQUEST_SECONDS = _histogram("request_seconds", "Answers to HTTP requests", "method", "route", "status")
DATABASE_SECONDS = _histogram("database_seconds", "Transactions of the database, with the wait for their turn", "kind")
ARTIFACT_SECONDS = _histogram("artifact_seconds", "Operations of the artifact store", "operation", "outcome")
SWEPT_BYTES = _counter("swept_bytes", "Bytes that the sweep removed from the artifact store")
DELIVERIES = _counter("delivery_tries", "Tries to deliver an event to a webhook", "outcome")
DELIVERY_SECONDS = _histogram("delivery_seconds", "How long an endpoint took to answer")
