"""What the editor of actions offers: every type of action with its fields, read off the domain's own models."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_type_hints

from scene.domain.actions import Action, AnyAction, Value
from scene.domain.model import Script

Look = Literal["line", "text", "lines", "number", "choice", "code"]
"""How a field is typed in: ``lines`` is a list of texts, one in each line; ``code`` is JavaScript."""


@dataclass(frozen=True)
class ActionField:
    name: str
    label: str
    look: Look
    required: bool
    may_be_empty: bool
    """Whether an empty text is a value, not a missing one."""
    help: str
    default: Any
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class ActionKind:
    """One or more types of action that have the same fields."""

    types: tuple[str, ...]
    help: str
    fields: tuple[ActionField, ...]
    """Its own, those that have to be given first."""
    options: tuple[ActionField, ...]
    """What every action may have besides."""

    @property
    def all_fields(self) -> tuple[ActionField, ...]:
        return self.fields + self.options


@cache
def action_kinds() -> tuple[ActionKind, ...]:
    return tuple(_kind(model) for model in get_args(get_args(AnyAction)[0]))


@cache
def kinds_by_type() -> dict[str, ActionKind]:
    return {type_: kind for kind in action_kinds() for type_ in kind.types}


def _kind(model: type[Action]) -> ActionKind:
    fields = sorted(_fields(model), key=lambda field: not field.required)
    common = Action.model_fields
    return ActionKind(
        types=get_args(model.model_fields["type"].annotation),
        help=" ".join((model.__doc__ or "").replace("``", "").split()),
        fields=tuple(field for field in fields if field.name not in common),
        options=tuple(field for field in fields if field.name in common),
    )


def _fields(model: type[Action]) -> Iterator[ActionField]:
    hints = get_type_hints(model, include_extras=True)
    for name, schema in model.model_json_schema()["properties"].items():
        if name == "type":
            continue
        own = schema | next((each for each in schema.get("anyOf", []) if each["type"] != "null"), {})
        field = model.model_fields[name]
        required = field.is_required()
        yield ActionField(
            name=name,
            label=_label(name),
            look=_look(own, hints[name]),
            required=required,
            may_be_empty=required and own["type"] == "string" and "minLength" not in own and "pattern" not in own,
            help=(field.description or "").replace("Null ", "Empty "),
            default=None if required else field.default,
            choices=tuple(own.get("enum", ())),
            minimum=own.get("minimum"),
            maximum=own.get("maximum"),
        )


def _look(schema: dict[str, Any], hint: Any) -> Look:
    if "enum" in schema:
        return "choice"
    if hint == Script:
        return "code"
    if Value in (hint, *get_args(hint)):
        return "lines" if schema["type"] == "array" else "text"
    return "number" if schema["type"] == "integer" else "line"


def _label(name: str) -> str:
    if name == "ms":
        return "Milliseconds"
    words = name.removesuffix("_ms").replace("_", " ")
    return words[0].upper() + words[1:] + (", ms" if name.endswith("_ms") else "")
