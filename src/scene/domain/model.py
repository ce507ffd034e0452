"""The base of every value in Scene: immutable, typed, closed against unknown fields."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import uuid_utils
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, core_schema


class Model(BaseModel):
    """A frozen value. Unknown fields are errors, so that a misspelt option is never silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    def canonical_json(self) -> str:
        """The same value always gives the same text: sorted keys, no spaces."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()

    def digest_as_given(self) -> str:
        """Like digest, of the fields that were given: leaving one out is not the same as giving its default."""
        given = json.dumps(self.model_dump(mode="json", exclude_unset=True), sort_keys=True)
        return hashlib.sha256(given.encode()).hexdigest()


def new_id() -> str:
    """A fresh opaque id of 32 hexadecimal digits (UUID version 7): ids of one process sort by creation."""
    return uuid_utils.uuid7().hex


def utc_now() -> datetime:
    """The clock that production passes to everything that needs one."""
    return datetime.now(UTC)


def _no_control_characters(text: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("must not contain control characters")
    return text


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain the NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode text") from None
    return text


STORABLE = AfterValidator(_storable)
"""Behind the constraints of a text: before them, white space would count as text, and characters as items."""


@dataclass(frozen=True)
class Spelled:
    """A text that matches a pattern as a whole. Who gives another one is told the rule in words, not the pattern."""

    pattern: str
    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^{self.pattern}$"}

    def _check(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError(self.words)
        return text


Text = Annotated[str, STORABLE]
"""Any text that a database can hold."""

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    STORABLE,
    AfterValidator(_no_control_characters),
]
"""A name a person gives: any script, one line, 1 to 200 characters."""

Script = Annotated[str, StringConstraints(max_length=200_000), STORABLE]
"""JavaScript that runs in the page."""

Selector = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), STORABLE]
"""As Playwright reads it: CSS, ``text=``, ``xpath=`` and their chains. What is inside a frame is not looked into."""

JiraIssue = Annotated[str, Spelled(r"[A-Z][A-Z0-9_]{0,49}-[0-9]{1,12}", "must be a JIRA issue key such as SHOP-123")]
"""A JIRA issue key such as ``SHOP-123``."""
