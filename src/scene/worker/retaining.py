"""Retention from time to time while a server runs."""

from scene.services.retention import Retention
from scene.worker.periodic import Periodic


class RetentionSchedule(Periodic):
    def __init__(self, retention: Retention, interval_seconds: float) -> None:
        """interval_seconds: from the end of a round to the start of the next; 0 never lets anything go."""
        super().__init__("retention", lambda: retention.apply_everywhere(lambda: self.stopping), interval_seconds)
