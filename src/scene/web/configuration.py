"""The configuration dialog: the settings, in a form."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.retries import RETRYABLE
from scene.domain.settings import Settings
from scene.domain.viewport import Browser
from scene.errors import Conflict, Invalid, VersionConflict
from scene.services.editing import draft_of
from scene.web.answers import saved
from scene.web.editing import FormView
from scene.web.forms import Form, FormDep
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)

_URL: Final = "/configuration"


@dataclass(frozen=True)
class _Choices:
    browsers: list[Browser]
    retryable: list[str]
    missing: list[str]
    """A sentence for each browser that executions would fail in on this server."""
    defaults: Settings
    """What a field that is left empty takes."""
    executed: str
    """Which launcher this server uses, and why."""


@router.get(f"{_URL}/edit")
def show_configuration(services: ServicesDep) -> Response:
    return _form(services, Form(values=services.configuration.get().model_dump(mode="json")))


@router.post(_URL)
def save_configuration(sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    """A field that is left empty takes its default."""
    given = dict(sent)
    version = str(sent.pop("version", ""))
    sent.setdefault("available_browsers", [])
    sent.setdefault("viewport_presets", [])
    sent.setdefault("retry_reasons", [])
    try:
        changes = draft_of(Settings, sent).model_dump(mode="json")
        expected = int(version) if version.isdecimal() else None
        settings = services.configuration.update(changes, expected, by)
    except VersionConflict:
        given["version"] = services.configuration.get().version
        return _form(services, Form(values=given, conflict=True), 422)
    except (Invalid, Conflict) as error:
        return _form(services, Form.again(given, error), 422)
    return saved("The configuration was saved.", also={"scene:times": {"display": settings.timestamp_display}})


def _form(services: Services, form: Form, status: int = 200) -> Response:
    missing = services.runs.cannot_launch(set(Browser))
    retryable = [str(each) for each in RETRYABLE]
    choices = _Choices(list(Browser), retryable, missing, Settings(), services.health.executed)
    return render_fragment("forms/configuration.html", FormView("Configuration", _URL, form, choices), status)
