"""What is wrong with a field, in the words that Scene's own checks have: ``must have at most 200 characters``."""

from collections.abc import Mapping
from typing import Any, Final

_SAID: Final = {
    "missing": "is needed",
    "extra_forbidden": "is not a field that is known here",
    "greater_than_equal": "must be {ge:,} or more",
    "greater_than": "must be more than {gt:,}",
    "less_than_equal": "must be {le:,} or less",
    "less_than": "must be less than {lt:,}",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number that is not as long",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number that is not infinite",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be a text",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
    "union_tag_not_found": "needs its {discriminator}",
    "union_tag_invalid": "has no known {discriminator}: it must be one of {expected_tags}",
    "datetime_type": "must be a time such as 2026-03-01T12:00:00Z",
    "datetime_parsing": "must be a time such as 2026-03-01T12:00:00Z",
    "datetime_from_date_parsing": "must be a time such as 2026-03-01T12:00:00Z",
    "timezone_aware": "must be a time with its zone, such as 2026-03-01T12:00:00Z",
}


def wording(problem: Mapping[str, Any]) -> str:
    """problem: one error of pydantic. Of a kind that has no words here, pydantic's message without its prefix."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in ("string_too_short", "too_short"):
        least = context["min_length"]
        noun = _noun(kind, least)
        return f"must have at least {least:,} {noun}" if least > 1 or kind == "too_short" else "must not be empty"
    if kind in ("string_too_long", "too_long"):
        most = context["max_length"]
        return f"must have at most {most:,} {_noun(kind, most)}"
    if said := _SAID.get(kind):
        tags = {"discriminator": str(context.get("discriminator", "")).strip("'")}
        numbers = {name: int(each) for name, each in context.items() if isinstance(each, float) and each.is_integer()}
        return said.format(**{**context, **numbers, **tags})
    return str(problem["msg"]).removeprefix("Value error, ")


def _noun(kind: str, number: int) -> str:
    return ("character" if kind.startswith("string") else "item") + ("" if number == 1 else "s")
