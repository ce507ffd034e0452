"""What a browser sends from a form, and the form that it gets back when something is wrong.

The name of a field is the path of its value: ``viewports[0].width``. A text left empty is a value not given.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from pydantic import BaseModel

from scene.errors import Conflict, FieldError, Invalid

_PART = re.compile(r"\[(\d{1,5})\]|([A-Za-z_][A-Za-z0-9_]*)")
_MAX_FIELDS = 50_000
_VERBS = frozenset(["cannot", "has", "holds", "is", "must", "names", "needs", "never", "stays", "was"])


async def _sent(request: Request) -> dict[str, Any]:
    """The fields of a form as one nested document. Raises Invalid when it is none."""
    try:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise Invalid.field("body", "is not a form in UTF-8") from None
    document: dict[str, Any] = {}
    for name, value in pairs:
        _put(document, _parts(name), value.replace("\r\n", "\n"))
    settled: dict[str, Any] = _settled(document)
    return settled


FormDep = Annotated[dict[str, Any], Depends(_sent)]


@dataclass
class Form:
    """Values and errors of a form, by path; templates ask for both."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    problem: str = ""
    """What is wrong with none of the fields."""
    conflict: bool = False
    """Whether somebody else saved since this form was opened."""
    _shown: set[str] = field(default_factory=set)

    @classmethod
    def again(cls, given: dict[str, Any], error: Invalid | Conflict) -> "Form":
        """The form as it was sent, with what is wrong."""
        return cls(values=given, errors=error.fields, problem="" if error.fields else error.message)

    def value(self, path: str) -> Any:
        """None when it is not given."""
        found: Any = self.values
        for part in _parts(path):
            try:
                found = found[part]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def as_json(self, path: str) -> str:
        """The value as a person edits it; a text that is no JSON stays as it was typed."""
        value = self.value(path)
        if value is None or value in ({}, []):
            return ""
        return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)

    def begins_at(self, path: str, otherwise: bool) -> bool:
        """Whether the keyboard starts at a field: at the first that is wrong, or else where the form says."""
        return self.errors[0].field == path if self.errors else otherwise

    def error(self, path: str) -> str:
        """What is wrong with a field, and with the parts that have no field of their own. The template shows it."""
        own = [error for error in self.errors if error.field == path]
        self._shown.update(error.field for error in own)
        return " ".join(_sentence(error.message) for error in own)

    def error_within(self, path: str) -> str:
        """The same for a field that holds a whole document."""
        inside = [error for error in self.errors if re.match(rf"{re.escape(path)}($|[.\[])", error.field)]
        self._shown.update(error.field for error in inside)
        places = [error.field.removeprefix(path).lstrip(".") for error in inside]
        return " ".join(
            _ended(f"{place} {error.message}") if place else _sentence(error.message)
            for place, error in zip(places, inside, strict=True)
        )

    def unshown(self) -> list[FieldError]:
        """Errors that no field above has shown."""
        return [error for error in self.errors if error.field not in self._shown]


def _sentence(message: str) -> str:
    """A message that goes with the name of its field, as it stands beside the field: ``This is needed.``"""
    words = f"This {message}" if message.split(" ", 1)[0] in _VERBS else message[:1].upper() + message[1:]
    return _ended(words)


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def read_json(document: dict[str, Any], *names: str) -> None:
    """Replace texts of JSON by what they say. Raises Invalid naming each that is none."""
    wrong = []
    for name in names:
        text = document.get(name)
        if not isinstance(text, str):
            continue
        try:
            document[name] = json.loads(text)
        except json.JSONDecodeError as error:
            wrong.append(FieldError(name, f"is not valid JSON: {error.msg} in line {error.lineno}"))
        except (ValueError, RecursionError):
            wrong.append(FieldError(name, "has a number that is too long, or is nested too deeply"))
    if wrong:
        raise Invalid("; ".join(f"{each.field}: {each.message}" for each in wrong), fields=tuple(wrong))


def without_defaults(document: dict[str, Any], draft_type: type[BaseModel], *names: str) -> None:
    """Take out of some options what is as it is by default: it needs no words."""
    for name in names:
        defaults = draft_type.model_fields[name].default.model_dump(mode="json")
        document[name] = {key: value for key, value in document[name].items() if value != defaults[key]}


def read_lines(document: dict[str, Any], *names: str) -> None:
    """Replace texts by their lines, without empty ones."""
    for name in names:
        document[name] = [line for line in str(document.get(name, "")).splitlines() if line.strip()]


def write_lines(document: dict[str, Any], *names: str) -> None:
    for name in names:
        document[name] = "\n".join(document[name])


def read_pairs(document: dict[str, Any], name: str) -> None:
    """Replace rows of a key and a value by one mapping."""
    rows = document.pop(name, [])
    document[name] = {row.get("key", ""): row.get("value", "") for row in rows} if isinstance(rows, list) else rows


def _parts(path: str) -> list[str | int]:
    return [int(number) if number else word for number, word in _PART.findall(path)]


def _put(document: dict[str, Any], parts: list[str | int], value: str) -> None:
    if not parts:
        return
    inner: Any = document
    for part in parts[:-1]:
        inner = inner.setdefault(part, {})
        if not isinstance(inner, dict):
            return
    inner[parts[-1]] = value  # of a hidden false and a checked true the last one counts


def _settled(value: Any) -> Any:
    """Lists in the order of their numbers, without the gaps of removed rows; without what was left empty."""
    if not isinstance(value, dict):
        return value
    kept = {key: _settled(inner) for key, inner in value.items()}
    kept = {key: inner for key, inner in kept.items() if inner != ""}
    if value and all(isinstance(key, int) for key in value):
        return [kept[key] for key in sorted(kept)]
    return kept
