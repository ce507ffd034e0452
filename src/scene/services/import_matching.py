"""What each file of an import is the picture of: by its manifest, by a mapping, or by its name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from scene.domain.catalog import Task
from scene.domain.importing import ManifestItem, MappingRow, PicturePlace
from scene.domain.picture_names import Names, Unmatched
from scene.services.import_sources import Problems, Source


@dataclass(frozen=True)
class Entry:
    """A file of the source and what it is of."""

    file: str
    place: PicturePlace
    known: ManifestItem | None = None
    """What the manifest says of it, when there is one."""


@dataclass
class Matching:
    """What is wrong goes to the problems, and what is unknown is left out where that was asked for."""

    source: Source
    tasks: Sequence[Task]
    problems: Problems
    skip_unknown: bool
    entries: list[Entry] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Files, each with why."""

    def match(self) -> None:
        """Every file. Raises Invalid for a manifest or a mapping that cannot be used."""
        self._names = Names(self.tasks)
        manifest = self.source.manifest()
        if manifest is not None:
            task_ids = {task.id for task in self.tasks}
            for item in manifest.items:
                self._match(item.file, item.row(task_ids), item)
        else:
            rows = self.source.mapping() or []
            for row in rows:
                self._match(row.file, row)
            mapped = {row.file for row in rows}
            for file in self.source.pictures:
                if file not in mapped:
                    self._match(file, None)
        self._check_once()
        if not self.entries and not self.problems.found:
            self.problems.add("body", "", "has no picture that the batch asks for")

    def _match(self, file: str, row: MappingRow | None, known: ManifestItem | None = None) -> None:
        if not self.source.has(file):
            self.problems.add(file, "file", "is not in the zip")
            return
        try:
            place = self._place(file, row)
        except Unmatched as unmatched:
            if self.skip_unknown:
                self.left_out.append(f"{file}: {unmatched.field} {unmatched.message}")
            else:
                self.problems.add(file, unmatched.field, unmatched.message)
            return
        self.entries.append(Entry(file, place, known))

    def _place(self, file: str, row: MappingRow | None) -> PicturePlace:
        """Raises Unmatched."""
        if PurePosixPath(file).suffix.lower() != ".png":
            raise Unmatched("name", "is not that of a PNG picture")
        return self._names.of_row(row) if row else self._names.of_file(file)

    def _check_once(self) -> None:
        first: dict[str, Entry] = {}
        for entry in self.entries:
            other = first.setdefault(str(entry.place), entry)
            if other is not entry:
                self.problems.add(entry.file, "target", f"is the picture of {entry.place}, and so is {other.file}")
