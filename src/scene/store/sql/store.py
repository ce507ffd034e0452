"""The store on SQL: SQLite embedded, PostgreSQL at scale; only the URL differs."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from scene.domain.happenings import Hear, hear_nothing
from scene.domain.model import utc_now
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
from scene.store.sql.artifacts import SqlArtifacts
from scene.store.sql.auth_profiles import SqlAuthProfiles
from scene.store.sql.baselines import SqlBaselines
from scene.store.sql.batches import SqlBatches
from scene.store.sql.belonging import SqlBelonging
from scene.store.sql.configuration import SqlSettings
from scene.store.sql.database import Database, place_of
from scene.store.sql.deliveries import SqlDeliveries
from scene.store.sql.executions import SqlExecutions
from scene.store.sql.migrate import migrate
from scene.store.sql.pages import SqlPages
from scene.store.sql.projects import SqlProjects
from scene.store.sql.promotions import SqlPromotions
from scene.store.sql.quarantines import SqlQuarantines
from scene.store.sql.records import SqlRecords
from scene.store.sql.retaining import SqlRetention
from scene.store.sql.reviews import SqlReviews
from scene.store.sql.runs import SqlRuns
from scene.store.sql.schedules import SqlSchedules
from scene.store.sql.screenshots import SqlScreenshots
from scene.store.sql.secrets import SqlSecrets
from scene.store.sql.sessions import SqlSessions
from scene.store.sql.tasks import SqlTasks
from scene.store.sql.throttles import SqlThrottles
from scene.store.sql.tokens import SqlTokens
from scene.store.sql.trends import SqlTrends
from scene.store.sql.users import SqlUsers
from scene.store.sql.webhooks import SqlWebhooks
from scene.store.sql.workers import SqlWorkers
from scene.store.trends import Trends
from scene.store.webhooks import Deliveries, Webhooks
from scene.store.workers import Workers


class SqlStore:
    """Implements scene.store.base.Store. Threads share it; call ``migrate`` before anything else, ``close`` at last."""

    def __init__(
        self,
        url: str,
        clock: Callable[[], datetime] = utc_now,
        public_url: str = "http://127.0.0.1:8000",
        hear: Hear = hear_nothing,
    ) -> None:
        """``sqlite:///<file>`` or ``postgresql+psycopg://...``; ``public_url`` begins the URLs that webhooks are told.

        Raises SetupError for any other URL.
        """
        self._database = Database(url, clock, hear)
        self.place = place_of(self._database.engine.url)
        self.projects: Projects = SqlProjects(self._database)
        self.auth_profiles: AuthProfiles = SqlAuthProfiles(self._database)
        self.pages: Pages = SqlPages(self._database)
        self.tasks: Tasks = SqlTasks(self._database)
        self.batches: Batches = SqlBatches(self._database)
        self.runs: Runs = SqlRuns(self._database, public_url)
        self.executions: Executions = SqlExecutions(self._database, public_url)
        self.screenshots: Screenshots = SqlScreenshots(self._database)
        self.baselines: Baselines = SqlBaselines(self._database)
        self.promotions: Promotions = SqlPromotions(self._database, public_url)
        self.quarantines: Quarantines = SqlQuarantines(self._database)
        self.retention: Retention = SqlRetention(self._database)
        self.reviews: Reviews = SqlReviews(self._database, public_url)
        self.artifacts: Artifacts = SqlArtifacts(self._database)
        self.records: Records = SqlRecords(self._database)
        self.settings: SettingsStore = SqlSettings(self._database)
        self.trends: Trends = SqlTrends(self._database)
        self.belonging: Belonging = SqlBelonging(self._database)
        self.schedules: Schedules = SqlSchedules(self._database)
        self.users: Users = SqlUsers(self._database)
        self.sessions: Sessions = SqlSessions(self._database)
        self.tokens: Tokens = SqlTokens(self._database)
        self.throttles: Throttles = SqlThrottles(self._database)
        self.webhooks: Webhooks = SqlWebhooks(self._database)
        self.secrets: Secrets = SqlSecrets(self._database)
        self.workers: Workers = SqlWorkers(self._database)
        self.deliveries: Deliveries = SqlDeliveries(self._database)

    def migrate(self) -> None:
        """Also raises SetupError when a newer Scene has used the database."""
        migrate(self._database)

    def check(self) -> None:
        with self._database.read() as transaction:
            transaction.value(sa.select(1))

    def close(self) -> None:
        self._database.close()
