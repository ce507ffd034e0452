"""Reference pictures from elsewhere become a baseline, and a baseline becomes a zip."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from scene.domain.catalog import Batch, Task
from scene.domain.importing import ImportDraft, ImportedPicture, ImportReport, imported_renderer
from scene.domain.matrix import snapshot
from scene.domain.pictures import Picture
from scene.domain.records import Actor
from scene.domain.runs import ConfigurationSnapshot
from scene.domain.variables import AnyValues
from scene.domain.viewport import Viewport
from scene.errors import Invalid, StorageError
from scene.imaging.png_file import read_png_file
from scene.services.import_checking import ERROR_PICTURES, ImportChecking
from scene.services.import_matching import Entry, Matching
from scene.services.import_sources import Problems, Source, opened
from scene.services.pictures import Pictures
from scene.store.base import Store
from scene.store.values import IdempotencyKey, ImportedItem
from scene.store.walking import every
from scene_runner.protocol import Capture


class Importing:
    def __init__(
        self,
        store: Store,
        pictures: Pictures,
        *,
        work_dir: Path,
        most_bytes: int,
        clock: Callable[[], datetime],
        error_pictures: Mapping[str, str] = ERROR_PICTURES,
    ) -> None:
        """most_bytes: of a zip, and of what is in it. error_pictures: digests of what is refused, and what it says."""
        self._store = store
        self._pictures = pictures
        self._work_dir = work_dir
        self.most_bytes = most_bytes
        self._clock = clock
        self._error_pictures = error_pictures

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """For what is sent, as long as it is needed. Raises StorageError."""
        try:
            self._work_dir.mkdir(parents=True, exist_ok=True)
            folder = tempfile.TemporaryDirectory(prefix="import-", dir=self._work_dir)
        except OSError as error:
            raise StorageError(f"No folder for what is imported: {error.strerror}.") from error
        with folder as name:
            yield Path(name)

    def import_zip(
        self, batch_id: str, draft: ImportDraft, path: Path, by: Actor, key: str | None = None
    ) -> tuple[ImportReport, bool]:
        """A new baseline of the pictures in a zip, and whether it is new: not when the same request made it before.

        Either all of it or nothing: raises Invalid with every problem by file and field, NotFound, StorageError.
        """
        batch = self._store.batches.get(batch_id)
        tasks = [self._store.tasks.get(member.task_id) for member in batch.tasks]
        problems = Problems()
        with opened(path, self.most_bytes) as source, self.folder() as folder:
            matching = Matching(source, tasks, problems, draft.skip_unknown)
            matching.match()
            found, left_out = matching.entries, matching.left_out
            checking = ImportChecking(source, problems, self._error_pictures)
            by_id = {task.id: task for task in tasks}
            checked = [_check(checking, source, entry, by_id[entry.place.task_id], problems) for entry in found]
            frozen = self._freeze(batch, tasks, found, problems)
            problems.raise_any()
            pictures = [picture for picture in checked if picture is not None]
            if draft.dry_run:
                kept, missing = self._outcome(batch, tasks, draft, found)
                report = ImportReport(baseline=None, pictures=pictures, left_out=left_out, kept=kept, missing=missing)
                return report, True
            items = [self._item(source, entry, frozen[entry.place.task_id], folder) for entry in found]
        known = None if key is None else IdempotencyKey(key, f"import {batch_id} {_digest(draft, pictures)}")
        baseline, is_new = self._store.promotions.bring_in(batch_id, draft, items, by, known)
        kept, missing = baseline.items_succeeded - len(pictures), baseline.items_missing
        return ImportReport(baseline=baseline, pictures=pictures, left_out=left_out, kept=kept, missing=missing), is_new

    def _freeze(
        self, batch: Batch, tasks: Sequence[Task], found: Sequence[Entry], problems: Problems
    ) -> dict[str, ConfigurationSnapshot]:
        """What each of the tasks uses now. Variables have no values before there is a run."""
        project = self._store.projects.get(batch.project_id)
        defaults = self._store.settings.get().capture_defaults
        wanted = {entry.place.task_id for entry in found}
        frozen: dict[str, ConfigurationSnapshot] = {}
        for task in tasks:
            if task.id not in wanted:
                continue
            page = self._store.pages.get(task.page_id)
            profile = self._store.auth_profiles.get(page.auth_profile_id) if page.auth_profile_id else None
            try:
                frozen[task.id] = snapshot(
                    project, page, task, variables=AnyValues(), defaults=defaults, auth_profile=profile
                )
            except Invalid as error:
                problems.add(task.name, "task", f"cannot be carried out as it is: {error.message}")
        return frozen

    def _item(self, source: Source, entry: Entry, frozen: ConfigurationSnapshot, folder: Path) -> ImportedItem:
        known, place = entry.known, entry.place
        scale = Viewport.of_key(place.viewport_key).device_scale_factor
        others = known.alternatives if known else []
        return ImportedItem(
            place=place,
            file=entry.file,
            picture=self._keep(source.read(entry.file), folder),
            renderer=known.renderer if known else imported_renderer(place.browser, scale),
            masks=known.masks if known else [],
            snapshot=frozen,
            alternatives=[
                (self._keep(source.read(other.file), folder), other.renderer, other.masks) for other in others
            ],
        )

    def _keep(self, data: bytes, folder: Path) -> Picture:
        sha256 = hashlib.sha256(data).hexdigest()
        png = read_png_file(data, sha256)
        file = folder / f"{sha256}.png"
        file.write_bytes(data)
        kept = self._pictures.keep(Capture("", file.name, sha256, png.width, png.height, frames=1), folder)
        for left in folder.glob(f"{sha256}*"):
            left.unlink()
        return kept

    def _outcome(
        self, batch: Batch, tasks: Sequence[Task], draft: ImportDraft, found: Sequence[Entry]
    ) -> tuple[int, int]:
        """How many pictures would stay, and how many would be missing."""
        brought = {tuple(entry.place.model_dump(exclude={"task_name"}).values()) for entry in found}
        latest = None if draft.only_these else self._store.baselines.latest(batch.id, draft.line)
        stay = (self._keys(latest.id) if latest else set()) - brought
        enabled = {member.task_id for member in batch.tasks if member.enabled}
        asked = {
            (task.id, browser, viewport.key, target.key)
            for task in tasks
            if task.id in enabled
            for browser in task.browsers
            for viewport in task.viewports
            for target in task.targets
        }
        return len(stay), len(asked - brought - stay)

    def _keys(self, baseline_id: str) -> set[tuple[object, ...]]:
        items = every(lambda request: self._store.baselines.items(baseline_id, request))
        return {(item.task_id, item.browser, item.viewport_key, item.target) for item in items}


def _check(
    checking: ImportChecking, source: Source, entry: Entry, task: Task, problems: Problems
) -> ImportedPicture | None:
    """Whether a file, with its alternatives, holds the pictures that it should."""
    target = entry.place.target
    found = checking.check(entry.file, task, target, entry.known.sha256 if entry.known else None)
    for other in entry.known.alternatives if entry.known else ():
        if source.has(other.file):
            checking.check(other.file, task, target, other.sha256)
        else:
            problems.add(other.file, "file", "is not in the zip")
    if found is None:
        return None
    sha256, width, height = found
    return ImportedPicture(file=entry.file, sha256=sha256, width=width, height=height, **entry.place.model_dump())


def _digest(draft: ImportDraft, pictures: Sequence[ImportedPicture]) -> str:
    told = [draft.digest(), *(picture.digest() for picture in pictures)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
