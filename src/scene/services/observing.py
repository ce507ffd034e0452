"""What Scene looks like at this moment, for Prometheus."""

from collections.abc import Callable, Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

import scene
from scene.launch.base import Launcher
from scene.queue.base import Queue
from scene.store.base import Store
from scene.telemetry.metrics import REGISTRY


class Observing:
    def __init__(self, store: Store, queue: Queue, launcher: Launcher, clock: Callable[[], datetime]) -> None:
        self._now = _Now(store, queue, launcher, clock)

    def metrics(self) -> bytes:
        """In Prometheus' text format. Raises StorageError when the store does not answer."""
        now = CollectorRegistry(auto_describe=False)
        now.register(self._now)
        return generate_latest(REGISTRY) + generate_latest(now)


class _Now(Collector):
    """Asked anew at each look. What concerns the store is the same on every server that shares it."""

    def __init__(self, store: Store, queue: Queue, launcher: Launcher, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._queue = queue
        self._launcher = launcher
        self._clock = clock

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: that would ask the store."""
        return ()

    def collect(self) -> Iterable[Metric]:
        this = (scene.__version__, self._launcher.name)
        yield self._gauge("info", "Which Scene this is", ["version", "launcher"], [(this, 1)])
        backlog = self._store.executions.backlog()
        queued = [((each.browser,), float(each.queued)) for each in backlog]
        executing = [((each.browser,), float(each.executing)) for each in backlog]
        oldest = [((each.browser,), self._age(each.oldest_queued_at)) for each in backlog]
        yield self._gauge("executions_queued", "Executions that wait", ["browser"], queued)
        yield self._gauge("executions_executing", "Executions that a worker carries out", ["browser"], executing)
        yield self._gauge("oldest_queued_seconds", "Age of the execution that waits longest", ["browser"], oldest)
        yield self._gauge("runs_active", "Runs that are queued or executing", [], [((), self._store.runs.active())])
        yield self._gauge("jobs_waiting", "Jobs that wait in the queue", [], [((), self._queue.depth())])
        states = self._launcher.browsers()
        available = [((state.name,), float(state.available)) for state in states]
        yield self._gauge("browser_available", "Whether a browser can be launched here", ["browser"], available)
        runners = [((state,), count) for state, count in self._launcher.runners().items()]
        yield self._gauge("runners", "Runners of this process, by what they do", ["state"], runners)

    def _age(self, at: datetime | None) -> float:
        return (self._clock() - at).total_seconds() if at else 0.0

    @staticmethod
    def _gauge(
        name: str, words: str, labels: list[str], values: Iterable[tuple[tuple[str, ...], float]]
    ) -> GaugeMetricFamily:
        family = GaugeMetricFamily(f"scene_{name}", words, labels=labels)
        for label_values, value in values:
            family.add_metric(label_values, value)
        return family
