"""From what the store admitted to jobs in the queue."""

from scene.queue.base import Job, Queue
from scene.store.values import Admitted


def dispatch(queue: Queue, admitted: list[Admitted]) -> None:
    """Put a job for each admitted attempt. Called after the commit that admitted them."""
    if admitted:
        queue.put(
            [
                Job(
                    key=f"execute:{each.execution_id}:{each.attempt}",
                    execution_id=each.execution_id,
                    attempt=each.attempt,
                    lane=f"{each.browser}@{each.label}" if each.label else each.browser,
                    priority=each.priority,
                )
                for each in admitted
            ]
        )
