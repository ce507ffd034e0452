"""The audit log, with its filters."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from scene.api.caller import AuditorDep
from scene.api.deps import ServicesDep
from scene.domain.filters import AuditFilter
from scene.domain.records import AuditEntry
from scene.errors import FieldError
from scene.services.editing import invalid
from scene.store.values import Slice, SliceRequest
from scene.web.forms import Form
from scene.web.render import is_fragment, render

router = APIRouter(include_in_schema=False)

_ROWS: Final = 50
_FIELDS: Final = {
    "actor": "actor",
    "action": "action",
    "target": "target",
    "after": "occurred_after",
    "before": "occurred_before",
}
"""By the name in the address."""
_DAYS: Final = ("after", "before")


@dataclass(frozen=True)
class EntryRow:
    entry: AuditEntry

    @property
    def details(self) -> str:
        return json.dumps(self.entry.data, ensure_ascii=False) if self.entry.data else ""


@dataclass(frozen=True)
class AuditView:
    rows: list[EntryRow]
    given: dict[str, str]
    form: Form
    newest_url: str | None
    older_url: str | None

    @property
    def problems(self) -> list[FieldError]:
        return self.form.unshown()

    @property
    def export_url(self) -> str:
        """Of what the filters show, to its end."""
        moments = {name: _moment(name, value) for name, value in self.given.items()}
        return f"/api/audit/export?{urlencode(moments)}" if moments else "/api/audit/export"

    def narrowed(self, name: str, value: str) -> str:
        """The address of the list with one filter more."""
        return _address({**self.given, name: value})


@router.get("/audit")
def show_audit(request: Request, services: ServicesDep, _: AuditorDep, cursor: str | None = None) -> Response:
    given = {name: value for name in _FIELDS if (value := request.query_params.get(name, "").strip())}
    form = Form(values=dict(given))
    found: Slice[AuditEntry] = Slice(items=[], next_cursor=None)
    try:
        only = AuditFilter.model_validate({_FIELDS[name]: _moment(name, value) for name, value in given.items()})
    except ValidationError as error:
        names = {field: name for name, field in _FIELDS.items()}
        form.errors = tuple(FieldError(names[each.field], each.message) for each in invalid(error).fields)
    else:
        found = services.audit.newest(only, SliceRequest(limit=_ROWS, cursor=cursor))
    view = AuditView(
        rows=[EntryRow(entry) for entry in found.items],
        given=given,
        form=form,
        newest_url=_address(given) if cursor else None,
        older_url=_address({**given, "cursor": found.next_cursor}) if found.next_cursor else None,
    )
    response = render(request, "audit", "list", view)
    if is_fragment(request) and request.headers.get("HX-Trigger") == "audit-filters":
        response.headers["HX-Push-Url"] = _address(given)  # without the fields that were left empty
    return response


def _address(query: dict[str, str]) -> str:
    return f"/audit?{urlencode(query)}" if query else "/audit"


def _moment(name: str, value: str) -> str:
    """A day, as a date field sends it, in UTC: its begin, or its end where a person means the whole last day."""
    if name not in _DAYS:
        return value
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day + timedelta(days=1) if name == 'before' else day}T00:00:00Z"
