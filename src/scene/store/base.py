"""The promise of a store: whole atomic verbs, those of each noun in a file beside this one.

Every verb is one transaction that carries the change, its audit entry and its webhook deliveries. A move is a guarded
update: a verb that loses a race says so (None, False or an empty list) and has changed nothing. Verbs that create or
end work also admit what may start next, and return it, so that the caller can put the jobs after the commit.
"""

from typing import Protocol

from scene.store.access import Sessions, Throttles, Tokens, Users
from scene.store.artifacts import Artifacts
from scene.store.auth import AuthProfiles
from scene.store.baselines import Baselines
from scene.store.belonging import Belonging
from scene.store.catalog import Batches, Pages, Projects, Tasks
from scene.store.executions import Executions
from scene.store.records import Records
from scene.store.retaining import Retention
from scene.store.reviewing import Promotions, Quarantines, Reviews
from scene.store.runs import Runs
from scene.store.schedules import Schedules
from scene.store.screenshots import Screenshots
from scene.store.secrets import Secrets
from scene.store.settings import SettingsStore
from scene.store.trends import Trends
from scene.store.webhooks import Deliveries, Webhooks
from scene.store.workers import Workers


class Store(Protocol):
    projects: Projects
    auth_profiles: AuthProfiles
    pages: Pages
    tasks: Tasks
    batches: Batches
    runs: Runs
    executions: Executions
    screenshots: Screenshots
    baselines: Baselines
    promotions: Promotions
    quarantines: Quarantines
    retention: Retention
    reviews: Reviews
    artifacts: Artifacts
    records: Records
    settings: SettingsStore
    trends: Trends
    belonging: Belonging
    schedules: Schedules
    users: Users
    sessions: Sessions
    tokens: Tokens
    throttles: Throttles
    webhooks: Webhooks
    deliveries: Deliveries
    secrets: Secrets
    workers: Workers
    place: str
    """Which database this is, for people: without a password."""

    def migrate(self) -> None:
        """Bring the schema up to date; safe when several servers start at once."""
        ...

    def check(self) -> None:
        """Raises StorageError when the database does not answer."""
        ...

    def close(self) -> None: ...
