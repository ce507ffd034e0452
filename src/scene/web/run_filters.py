"""The filters of the stream of runs, as its address has them."""

from datetime import timedelta
from urllib.parse import urlencode

from fastapi import Request
from pydantic import ValidationError

from scene.domain.filters import EVERY_RUN, RunFilter
from scene.errors import FieldError
from scene.services.editing import invalid
from scene.web.forms import Form

_FIELDS = {
    "project": "project_id",
    "batch": "batch_id",
    "purpose": "purpose",
    "status": "statuses",
    "verdict": "verdicts",
    "jira_issue": "jira_issue",
    "actor": "requested_by",
    "line": "line",
    "created_after": "created_after",
    "created_before": "created_before",
    "text": "text",
}
"""By the name in the address."""
_LISTS = ("status", "verdict")
_DAYS = ("created_after", "created_before")


class RunFilters:
    """What an address asks for; a field that is left empty asks for nothing."""

    def __init__(self, request: Request) -> None:
        self.given = {name: value for name in _FIELDS if (value := request.query_params.get(name, "").strip())}
        self.form = Form(values=dict(self.given))
        self.only: RunFilter | None = None
        """None when something in the address is wrong; the form says what."""
        try:
            self.only = self._filter()
        except ValidationError as error:
            names = {field: name for name, field in _FIELDS.items()}
            self.form.errors = tuple(
                FieldError(names.get(each.field.partition("[")[0], each.field), each.message)
                for each in invalid(error).fields
            )

    @property
    def any(self) -> bool:
        return self.only != EVERY_RUN

    def url(self, cursor: str | None = None) -> str:
        """The address of this list, or of a slice of it."""
        query = {**self.given, **({"cursor": cursor} if cursor else {})}
        return f"/runs?{urlencode(query)}" if query else "/runs"

    def without(self, name: str) -> str:
        """The address of the list without one of the filters."""
        return self.having(**{name: None})

    def having(self, **changed: str | None) -> str:
        """The address of the list with other values of some filters; None takes one away."""
        query = {**self.given, **changed}
        kept = {key: value for key, value in query.items() if value}
        return f"/runs?{urlencode(kept)}" if kept else "/runs"

    def _filter(self) -> RunFilter:
        document: dict[str, object] = {}
        for name, value in self.given.items():
            if name in _LISTS:
                document[_FIELDS[name]] = value.split(",")
            else:
                # A day, as a date field sends it, begins in UTC.
                is_day = name in _DAYS and len(value) == len("2026-01-31")
                document[_FIELDS[name]] = f"{value}T00:00:00Z" if is_day else value
        only = RunFilter.model_validate(document)
        if only.created_before and len(self.given["created_before"]) == len("2026-01-31"):
            # A person means the whole of the last day.
            only = only.model_copy(update={"created_before": only.created_before + timedelta(days=1)})
        return only
