"""The base of every value in Scene: immutable, typed, closed against unknown fields."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated

import uuid_utils
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


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

JiraIssue = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,49}-[0-9]{1,12}$")]
"""A JIRA issue key such as ``SHOP-123``."""
