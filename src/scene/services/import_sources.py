"""A zip of reference pictures, opened with care: what is in it.

Nothing is ever written to a place that the zip names: its files are read one by one, and each is checked before.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter, ValidationError

from scene.domain.importing import COLUMNS, MANIFEST, MAPPINGS, Manifest, MappingRow
from scene.domain.wording import wording
from scene.errors import FieldError, Invalid
from scene.services.editing import field_path

MOST_FILES = 20_000
MOST_BYTES_OF_ONE = 200_000_000
_MOST_BYTES_OF_TEXT = 50_000_000
_ROWS = TypeAdapter(list[MappingRow])


@dataclass
class Problems:
    """Everything that is wrong, by file and field."""

    found: list[FieldError] = field(default_factory=list)

    def add(self, file: str, what: str, message: str) -> None:
        self.found.append(FieldError(f"{file}: {what}" if what else file, message))

    def raise_any(self) -> None:
        """Raises Invalid with all of them."""
        if self.found:
            told = "; ".join(f"{each.field} {each.message}" for each in self.found[:5])
            more = f"; and {len(self.found) - 5} more" if len(self.found) > 5 else ""
            raise Invalid(f"{told}{more}.", fields=tuple(self.found))


class Source:
    """An opened zip. Every method raises Invalid for what cannot be used."""

    def __init__(self, archive: zipfile.ZipFile, most_bytes: int) -> None:
        self._archive = archive
        files = [info for info in archive.infolist() if not info.is_dir() and not _is_hidden(info.filename)]
        _check(files, most_bytes)
        self._by_name = {info.filename: info for info in files}

    @property
    def pictures(self) -> list[str]:
        return [name for name in self._by_name if name not in (MANIFEST, *MAPPINGS)]

    def read(self, name: str, most: int = MOST_BYTES_OF_ONE) -> bytes:
        try:
            with self._archive.open(self._by_name[name]) as file:
                data = file.read(most + 1)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise Invalid.field(name, f"cannot be read out of the zip: {error}") from None
        if len(data) > most:
            raise Invalid.field(name, f"has more than {most:,} bytes")
        return data

    def manifest(self) -> Manifest | None:
        """Of an exported baseline; none where there is none. Names every wrong field of it."""
        if MANIFEST not in self._by_name:
            return None
        try:
            return Manifest.model_validate_json(self.read(MANIFEST, _MOST_BYTES_OF_TEXT))
        except ValidationError as error:
            wrong = [(field_path(each["loc"]), wording(each)) for each in error.errors()[:100]]
            fields = tuple(FieldError(f"{MANIFEST}: {path}" if path else MANIFEST, said) for path, said in wrong)
            raise Invalid("; ".join(f"{each.field} {each.message}" for each in fields[:5]), fields=fields) from None

    def mapping(self) -> list[MappingRow] | None:
        """Names every wrong field of it."""
        name = next((name for name in MAPPINGS if name in self._by_name), None)
        return None if name is None else read_mapping(name, self.read(name, _MOST_BYTES_OF_TEXT))

    def has(self, name: str) -> bool:
        return name in self._by_name


@contextmanager
def opened(path: Path, most_bytes: int) -> Iterator[Source]:
    """most_bytes: of all files together, once they are unpacked."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Invalid.field("body", f"is not a zip: {error}") from None
    with archive:
        yield Source(archive, most_bytes)


def read_mapping(name: str, data: bytes) -> list[MappingRow]:
    """name: tells JSON from CSV. Raises Invalid, naming every wrong field by its line or number."""
    try:
        text = data.decode("utf-8-sig")
        given = json.loads(text) if name.endswith(".json") else _lines(name, text)
        return _ROWS.validate_python(given)
    except UnicodeDecodeError:
        raise Invalid.field(name, "is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise Invalid.field(name, f"is not JSON: {error.msg} in line {error.lineno}") from None
    except (RecursionError, csv.Error) as error:
        raise Invalid.field(name, f"cannot be read: {error}") from None
    except ValidationError as error:
        wrong = [(f"{name}{_place(name, each['loc'])}", wording(each)) for each in error.errors()]
        fields = tuple(FieldError(where, said) for where, said in wrong)
        raise Invalid("; ".join(f"{each.field} {each.message}" for each in fields[:5]), fields=fields) from None


def _lines(name: str, text: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(text), strict=True)
    unknown = set(rows.fieldnames or ()) - set(COLUMNS)
    if unknown or not {"file", "task"} <= set(rows.fieldnames or ()):
        raise Invalid.field(name, f"needs a first line with the columns file and task, and takes {', '.join(COLUMNS)}")
    return [{key: value or "" for key, value in row.items() if key is not None} for row in rows]


def _place(name: str, location: tuple[int | str, ...]) -> str:
    if not location:
        return ""
    row, *rest = location
    where = f" line {int(row) + 2}" if name.endswith(".csv") else f"[{row}]"
    return f"{where}: {field_path(tuple(rest))}" if rest else where


def _is_hidden(name: str) -> bool:
    """What systems add by themselves."""
    parts = PurePosixPath(name).parts
    return (
        "__MACOSX" in parts
        or parts[-1:] == ("Thumbs.db",)
        or any(part.startswith(".") and part != ".." for part in parts)
    )


def _check(files: Sequence[zipfile.ZipInfo], most_bytes: int) -> None:
    problems = Problems()
    if len(files) > MOST_FILES:
        problems.add("body", "", f"has {len(files):,} files; at most {MOST_FILES:,} are taken at once")
    if sum(info.file_size for info in files) > most_bytes:
        problems.add("body", "", f"has more than {most_bytes:,} bytes once it is unpacked")
    problems.raise_any()
    seen: set[str] = set()
    for info in files:
        path = PurePosixPath(info.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in info.filename:
            problems.add(info.filename, "name", "leads out of the zip")
        if info.filename in seen:
            problems.add(info.filename, "name", "is there twice")
        seen.add(info.filename)
        if info.flag_bits & 1:
            problems.add(info.filename, "", "is encrypted")
    problems.raise_any()
