"""Pages and fragments: one view, one view-model and one template folder for both."""

import json
from functools import cache
from pathlib import Path
from typing import Final, Protocol, Self, TypeVar

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

import scene
from scene.api.caller import current_caller
from scene.api.deps import services_of
from scene.domain.access import Scope
from scene.domain.amounts import duration, percent
from scene.errors import SetupError
from scene.web.browser_words import browser_words
from scene.web.code_spans import code_spans

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"


def asset(name: str) -> str:
    """Address of a built front-end file. Raises SetupError when the front end is not built."""
    try:
        return f"/static/{_manifest()[name]}"
    except KeyError:
        raise SetupError(f"The front-end file {name!r} is not built; run `make setup`.") from None


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of the page: not a boosted link, not a restored history entry."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render(request: Request, folder: str, fragment: str, view: object) -> HTMLResponse:
    """``<folder>/page.html``, or ``<folder>/_<fragment>.html`` alone when htmx asks for it."""
    if is_fragment(request):
        html = _environment().get_template(f"{folder}/_{fragment}.html").render(view=view)
    else:
        display = services_of(request).configuration.get().timestamp_display
        html = _environment().get_template(f"{folder}/page.html").render(view=view, timestamp_display=display)
    return HTMLResponse(
        html,
        headers={"Vary": "HX-Request", "Cache-Control": "no-store"},
    )


def render_fragment(
    template: str, view: object, status: int = 200, headers: dict[str, str] | None = None
) -> HTMLResponse:
    """A part of a page that is never opened alone, such as a form in the dialog."""
    return HTMLResponse(
        _environment().get_template(template).render(view=view),
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def render_page(template: str, view: object = None, status: int = 200) -> HTMLResponse:
    """A page that has no fragment."""
    return HTMLResponse(
        _environment().get_template(template).render(view=view),
        status_code=status,
        headers={"Cache-Control": "no-store"},
    )


@cache
def _manifest() -> dict[str, str]:
    try:
        manifest: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())
    except OSError:
        raise SetupError("The front end is not built; run `make setup`.") from None
    return manifest


def _may_write() -> bool:
    """Whether whoever is shown this may change things: others are shown nothing that would be refused."""
    caller = current_caller.get()
    return caller is not None and caller.scope.covers(Scope.WRITE)


class _Partly(Protocol):
    """What is not shown to everybody as a whole."""

    def shown_to(self, scope: Scope, /) -> Self: ...


P = TypeVar("P", bound=_Partly)


def _for_caller(whole: P) -> P:
    """What of it is for whoever is shown this."""
    caller = current_caller.get()
    return whole.shown_to(caller.scope if caller else Scope.READ)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
    )
    environment.filters["browser_words"] = browser_words
    environment.filters["code_spans"] = code_spans
    environment.filters["for_caller"] = _for_caller
    environment.filters["percent"] = percent
    environment.filters["duration"] = duration
    environment.globals.update(
        asset=asset, caller=current_caller.get, may_write=_may_write, scene_version=scene.__version__
    )
    return environment
