"""Actions as a form has them: rows of fields, or one text of JSON; and back, without loss.

A document is in rows when it has a list under its name, and in JSON when it has a text.
"""

import json
import re
from typing import Any

from scene.web.action_kinds import ActionField, ActionKind, kinds_by_type
from scene.web.forms import read_json

Document = dict[str, Any]


def write_actions(document: Document, name: str) -> None:
    """Replace actions by rows, or by JSON where they hold what rows cannot."""
    actions = document.get(name) or []
    rows = rows_of(actions)
    document[name] = rows if rows is not None else as_json(actions)


def read_actions(document: Document, name: str) -> None:
    """Replace rows or JSON by actions, whose fields may still be wrong. Raises Invalid for what is no JSON."""
    rows = document.get(name)
    if isinstance(rows, list):
        document[name] = [_action(row) for row in rows]
    else:
        read_json(document, name)


def rows_of(actions: object) -> list[Document] | None:
    """None for what rows would lose or change."""
    if not isinstance(actions, list):
        return None
    rows = [_row(action) for action in actions]
    kept = [row for row in rows if row is not None]
    return kept if [_action(row) for row in rows] == [_without_defaults(action) for action in actions] else None


def as_json(actions: object) -> str:
    if not actions:
        return ""
    plain = [_without_defaults(action) for action in actions] if isinstance(actions, list) else actions
    return json.dumps(plain, indent=2, ensure_ascii=False)


def _kind_of(action: object) -> ActionKind | None:
    return kinds_by_type().get(str(action.get("type"))) if isinstance(action, dict) else None


def _without_defaults(action: Any) -> Any:
    kind = _kind_of(action)
    if kind is None:
        return action
    defaults = {field.name: field.default for field in kind.all_fields if not field.required}
    return {name: value for name, value in action.items() if name not in defaults or value != defaults[name]}


def _row(action: Any) -> Document | None:
    """None for what a row has no fields for, or what a browser would send back otherwise."""
    kind = _kind_of(action)
    if kind is None:
        return None
    looks = {"type": "line"} | {field.name: field.look for field in kind.all_fields}
    row: Document = {}
    for name, value in _without_defaults(action).items():
        text = _text(value, looks.get(name))
        if text is None:
            return None
        if text:
            row[name] = text
    return row


def _text(value: object, look: str | None) -> str | None:
    if look == "lines" and isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "\n".join(value)
    elif look == "number" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if look is None or not isinstance(value, str):
        return None
    # A browser changes line breaks, drops one at the beginning of an area, and every one in a field of one line. Half a
    # character cannot be sent at all.
    changed = re.search(r"[\r\x00\ud800-\udfff]|^\n", value) or (look in ("line", "number", "choice") and "\n" in value)
    return None if changed else value


def _action(row: Any) -> Any:
    kind = _kind_of(row)
    if kind is None:
        return row
    given: Document = {"type": row["type"]}
    for field in kind.all_fields:
        if field.name in row:
            given[field.name] = _value(field, row[field.name])
        elif field.may_be_empty:
            given[field.name] = ""
    return _without_defaults(given)


def _value(field: ActionField, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if field.look == "lines":
        return value.rstrip("\n").split("\n")
    return int(value) if field.look == "number" and re.fullmatch(r"-?[0-9]{1,15}", value) else value
