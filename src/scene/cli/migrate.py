"""``scene migrate``: the database of this version."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from scene.data_folder import open_in
from scene.queue.migrate import migrate as migrate_queue
from scene.settings import load_settings
from scene.store.sql import SqlStore


def migrate(
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the database.", show_default=".scene")] = None,
) -> None:
    """Bring the database up to date, as `scene serve` does when it starts.

    Several may do so at once. A database that a newer Scene has used is refused and left as it is.
    """
    settings = load_settings(data_dir=data_dir)
    if settings.database_url is None:
        open_in(settings.data_dir, "scene.db").close()
    store = SqlStore(settings.effective_database_url)
    try:
        store.migrate()
    finally:
        store.close()
    if settings.shares_database:
        migrate_queue(settings.effective_database_url)
    Console(soft_wrap=True).print(Text(f"{store.place} is up to date."))
