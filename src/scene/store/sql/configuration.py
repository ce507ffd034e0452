"""The settings, read and changed."""

import sqlalchemy as sa

from scene.domain.records import Actor
from scene.domain.settings import Settings, SettingsRecord
from scene.domain.viewport import Viewport
from scene.errors import FieldError, InUse, VersionConflict
from scene.store.sql.admission import admit
from scene.store.sql.audit import record
from scene.store.sql.crud import changed_fields
from scene.store.sql.database import Database, Transaction
from scene.store.sql.schema import projects, settings, tasks
from scene.store.sql.settings import current
from scene.store.sql.usage import named
from scene.store.values import Admitted


class SqlSettings:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self) -> SettingsRecord:
        with self._database.read() as transaction:
            return current(transaction)

    def replace(
        self, draft: Settings, expected_version: int | None, by: Actor
    ) -> tuple[SettingsRecord, list[Admitted]]:
        with self._database.write() as transaction:
            before = current(transaction, lock=True)
            if expected_version is not None and expected_version != before.version:
                raise VersionConflict(
                    f"Somebody else saved the settings first (version {before.version}, not {expected_version}); "
                    "load them again."
                )
            plain = Settings.model_validate(draft.model_dump(include=set(Settings.model_fields)))
            changed = changed_fields(before, plain)
            if not changed:
                return before, []
            _refuse_while_used(transaction, before, plain)
            values = {"document": plain.model_dump(mode="json", exclude_defaults=True), "version": before.version + 1}
            transaction.change(sa.update(settings).values(values))
            record(transaction, by, "settings.updated", ["settings:1"], {"changed": changed})
            return current(transaction), admit(transaction)


def _refuse_while_used(transaction: Transaction, before: Settings, after: Settings) -> None:
    """Raises InUse, naming the tasks, and the field, when a browser or a viewport is taken away that tasks use.

    A viewport is known by its key, whatever its name is.
    """
    browsers = {str(browser) for browser in set(before.available_browsers) - set(after.available_browsers)}
    kept = {preset.key for preset in after.viewport_presets}
    presets = {preset.key: preset.name for preset in before.viewport_presets if preset.key not in kept}
    if not browsers and not presets:
        return
    users: dict[tuple[str, str], list[str]] = {}
    query = sa.select(tasks.c.name, tasks.c.browsers, tasks.c.viewports, projects.c.name.label("project"))
    for row in transaction.all(query.join(projects, projects.c.id == tasks.c.project_id).order_by(tasks.c.id)):
        task = f"{row['name']} ({row['project']})"
        for browser in browsers.intersection(row["browsers"]):
            users.setdefault(("available_browsers", f"The browser {browser}"), []).append(task)
        for key in presets.keys() & {Viewport.model_validate(viewport).key for viewport in row["viewports"]}:
            users.setdefault(("viewport_presets", f"The viewport {presets[key]} ({key})"), []).append(task)
    if users:
        errors = tuple(
            FieldError(field, f"{thing} is used by the tasks {named(names)}. Change these tasks first.")
            for (field, thing), names in sorted(users.items())
        )
        raise InUse(" ".join(error.message for error in errors), fields=errors)
