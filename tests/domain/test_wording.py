"""What is wrong with a field is said in Scene's words, with numbers as people write them."""

from typing import Annotated, Literal

import pytest
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from scene.domain.actions import AnyAction
from scene.domain.wording import wording


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Annotated[str, Field(min_length=1)], "", "must not be empty"),
        (Annotated[str, Field(min_length=12)], "short", "must have at least 12 characters"),
        (Annotated[str, Field(max_length=2000)], "x" * 2001, "must have at most 2,000 characters"),
        (Annotated[list[int], Field(min_length=1)], [], "must have at least 1 item"),
        (Annotated[int, Field(le=100_000)], 120_016, "must be 100,000 or less"),
        (Annotated[float, Field(ge=0.5)], 0.1, "must be 0.5 or more"),
        (Annotated[float, Field(le=1)], 7, "must be 1 or less"),
        (int, "many", "must be a whole number"),
        (bool, "perhaps", "must be true or false"),
        (Literal["soft", "hard"], "gently", "must be 'soft' or 'hard'"),
        (AwareDatetime, "soon", "must be a time such as 2026-03-01T12:00:00Z"),
        (AwareDatetime, "2026-03-01T12:00:00", "must be a time with its zone, such as 2026-03-01T12:00:00Z"),
        (AnyAction, {"selector": "#a"}, "needs its type"),
        (AnyAction, {"type": "click"}, "is needed"),
        (AnyAction, {"type": "click", "selector": "#a", "colour": 1}, "is not a field that is known here"),
    ],
)
def test_a_wrong_value_is_told_what_it_must_be(kind: object, value: object, said: str) -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(kind).validate_python(value)
    assert wording(raised.value.errors()[0]) == said


def test_a_rule_of_our_own_has_its_own_words() -> None:
    assert wording({"type": "value_error", "msg": "Value error, must not contain a fragment"}) == (
        "must not contain a fragment"
    )
