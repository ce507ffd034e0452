"""The shared queue: procrastinate's jobs in the PostgreSQL of the store, taken by the workers of many processes.

Workers pull by procrastinate's JobManager, of which every method used here is documented; see record 0012. Its side
is asynchronous: an event loop in a thread of its own, behind synchronous verbs.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final, TypeVar

import anyio
import procrastinate
import structlog
from anyio.from_thread import start_blocking_portal
from procrastinate import exceptions, jobs
from procrastinate.utils import utcnow

from scene.errors import StorageError
from scene.queue.base import Job
from scene.queue.migrate import conninfo

log = structlog.get_logger(__name__)
T = TypeVar("T")

_TASK: Final = "scene.execute"
_POLL_SECONDS: Final = 5
"""How late a job is seen whose notification was lost."""
_HEARTBEAT_SECONDS: Final = 5
_STALLED_SECONDS: Final = 20
"""A process that is silent for so long holds nothing any more."""
_ANSWER_SECONDS: Final = 10
_RETURN_SECONDS: Final = 1
"""Between two tries to reach a database that is gone."""
_PUT_TRIES: Final = 3


class PostgresQueue:
    """Implements scene.queue.base.Queue. The schema must be there: ``scene.queue.migrate``."""

    def __init__(self, url: str) -> None:
        """url: as the store's. Raises StorageError when the database does not answer."""
        connector = procrastinate.PsycopgConnector(
            conninfo=conninfo(url), min_size=1, max_size=4, timeout=_ANSWER_SECONDS
        )
        self._app = procrastinate.App(connector=connector)
        self._jobs = self._app.job_manager
        self._held: dict[str, jobs.Job] = {}
        self._worker_id: int | None = None
        self._registering = anyio.Lock()
        self._draining = False
        self._stack = ExitStack()
        self._portal = self._stack.enter_context(start_blocking_portal())
        self._news: anyio.Event = self._call(_event)
        self._side_tasks = [self._portal.start_task_soon(task) for task in (self._listen, self._beat)]
        try:
            self._call(self._open)
        except StorageError:
            self.close()
            raise

    def put(self, jobs: list[Job]) -> None:
        try:
            self._call(self._put, {job.key: job for job in jobs})
        except StorageError as error:
            log.warning("jobs_not_put", count=len(jobs), error=error.message)

    def take(self, lanes: frozenset[str], timeout_seconds: float) -> Job | None:
        return self._call(self._take, sorted(lanes), timeout_seconds)

    def done(self, job: Job) -> None:
        try:
            self._call(self._done, job)
        except StorageError as error:
            # It stays in hand until this process ends; whoever gets it then finds nothing to do.
            log.warning("job_not_done", job=job.key, error=error.message)

    def recover(self) -> int:
        return self._call(self._recover)

    def depth(self) -> int:
        return self._call(self._depth)

    def drain(self) -> None:
        self._call(self._drain)

    def close(self) -> None:
        for task in self._side_tasks:
            task.cancel()
        with suppress(StorageError):
            self._call(self._leave)
        self._stack.close()

    def _call(self, verb: Callable[..., Awaitable[T]], *arguments: Any) -> T:
        with _translated():
            return self._portal.call(verb, *arguments)

    async def _open(self) -> None:
        await self._app.open_async()

    async def _put(self, unique: dict[str, Job]) -> None:
        for _ in range(_PUT_TRIES):
            try:
                await self._jobs.batch_defer_jobs_async([_deferred(job) for job in unique.values()])
            except exceptions.AlreadyEnqueued:
                # All or nothing: those that wait already have to be left out.
                for waiting in await self._jobs.list_jobs_async(task=_TASK, status="todo"):
                    unique.pop(waiting.queueing_lock or "", None)
                if not unique:
                    return
            else:
                return

    async def _take(self, lanes: list[str], timeout_seconds: float) -> Job | None:
        deadline = anyio.current_time() + timeout_seconds
        while not self._draining:
            news = self._news
            found = await self._fetch(lanes)
            if found is not None:
                return found
            remaining = deadline - anyio.current_time()
            if remaining <= 0:
                return None
            with anyio.move_on_after(min(remaining, _POLL_SECONDS)):
                await news.wait()
        return None

    async def _fetch(self, lanes: list[str]) -> Job | None:
        async with self._registering:
            if self._worker_id is None:
                self._worker_id = await self._jobs.register_worker()
        try:
            found = await self._jobs.fetch_job(queues=lanes, worker_id=self._worker_id)
        except exceptions.ConnectorException:
            # After a long outage others may have struck this process off: it comes back as a new one.
            self._worker_id = None
            raise
        if found is None:
            return None
        given: dict[str, Any] = found.task_kwargs
        job = Job(lane=found.queue, priority=found.priority, key=found.queueing_lock or "", **given)
        self._held[job.key] = found
        return job

    async def _done(self, job: Job) -> None:
        held = self._held.pop(job.key, None)
        if held is not None:
            await self._jobs.finish_job(held, status=jobs.Status.SUCCEEDED, delete_job=True)

    async def _recover(self) -> int:
        recovered = 0
        for stalled in await self._jobs.get_stalled_jobs(task_name=_TASK, seconds_since_heartbeat=_STALLED_SECONDS):
            try:
                await self._jobs.retry_job(stalled, retry_at=utcnow())
                recovered += 1
            except exceptions.UniqueViolation:
                # The reconciler was quicker: its twin waits already.
                await self._jobs.finish_job(stalled, status=jobs.Status.SUCCEEDED, delete_job=True)
            except exceptions.ConnectorException:
                log.debug("stalled_job_gone", job=stalled.queueing_lock)
        await self._jobs.prune_stalled_workers(_STALLED_SECONDS)
        return recovered

    async def _depth(self) -> int:
        return sum(queue["todo"] for queue in await self._jobs.list_queues_async(task=_TASK))

    async def _drain(self) -> None:
        self._draining = True
        self._tell()

    async def _leave(self) -> None:
        if self._worker_id is not None:
            await self._jobs.unregister_worker(self._worker_id)
        await self._app.close_async()

    async def _listen(self) -> None:
        """Wakes those who wait when somebody, anywhere, puts a job."""
        while True:
            with suppress(exceptions.ConnectorException, exceptions.AppNotOpen):
                await self._jobs.listen_for_jobs(on_notification=self._on_notification)
            await anyio.sleep(_RETURN_SECONDS)

    async def _on_notification(self, *, channel: str, notification: jobs.Notification) -> None:  # noqa: ARG002
        if notification["type"] == "job_inserted":
            self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = anyio.Event()

    async def _beat(self) -> None:
        while True:
            await anyio.sleep(_HEARTBEAT_SECONDS)
            if self._worker_id is not None:
                with suppress(exceptions.ConnectorException):
                    await self._jobs.update_heartbeat(self._worker_id)


async def _event() -> anyio.Event:
    return anyio.Event()


def _deferred(job: Job) -> jobs.Job:
    return jobs.Job(
        id=None,
        queue=job.lane,
        priority=job.priority,
        lock=None,
        queueing_lock=job.key,
        task_name=_TASK,
        task_kwargs={"execution_id": job.execution_id, "attempt": job.attempt},
    )


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except exceptions.ConnectorException as error:
        cause = str(error.__cause__ or error).strip().partition("\n")[0]
        raise StorageError(f"The queue in the database does not answer: {cause}.") from error
