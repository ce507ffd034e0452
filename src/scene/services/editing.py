"""Changing some fields of what a person described."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from scene.domain.wording import wording
from scene.errors import FieldError, Invalid

D = TypeVar("D", bound=BaseModel)
T = TypeVar("T")


def draft_of(draft_type: type[D], document: Mapping[str, object]) -> D:
    """Raises Invalid naming every wrong field."""
    try:
        return draft_type.model_validate(document)
    except ValidationError as error:
        raise invalid(error) from None


def merge(draft_type: type[D], current: BaseModel, changes: Mapping[str, object]) -> D:
    """The current entity's draft with some fields replaced, validated as a whole. Raises Invalid naming the fields."""
    fields = {name: value for name, value in current.model_dump().items() if name in draft_type.model_fields}
    return draft_of(draft_type, {**fields, **changes})


def both(first: Callable[[], D], second: Callable[[], T]) -> tuple[D, T]:
    """What two checks return. Raises Invalid naming every field that either of them finds wrong."""
    try:
        checked = first()
    except Invalid as error:
        wrong = error.fields
        try:
            second()
        except Invalid as other:
            wrong += other.fields
        raise _naming(wrong) from None
    return checked, second()


def invalid(error: ValidationError) -> Invalid:
    """A validation error as Invalid: every wrong field with what is wrong."""
    fields = tuple(FieldError(field_path(problem["loc"]), wording(problem)) for problem in error.errors())
    return _naming(fields)


def _naming(fields: tuple[FieldError, ...]) -> Invalid:
    return Invalid("; ".join(f"{field.field}: {field.message}" for field in fields), fields=fields)


_LISTS_OF_ACTIONS = ("preparatory_actions", "task_actions")


def field_path(location: tuple[int | str, ...]) -> str:
    """``("viewports", 0, "width")`` as ``viewports[0].width``; the type of an action is no part of it."""
    path = ""
    for index, part in enumerate(location):
        if index > 1 and location[index - 2] in _LISTS_OF_ACTIONS:
            continue
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path
