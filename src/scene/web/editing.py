"""The forms in which nouns are created, changed and deleted: the same addresses and answers for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from scene.api.caller import CallerDep
from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.access import Scope
from scene.domain.catalog import Stamped
from scene.domain.records import Actor
from scene.errors import Conflict, Invalid, VersionConflict
from scene.services.editing import draft_of
from scene.web.answers import saved
from scene.web.forms import Form, FormDep
from scene.web.render import render_fragment

E = TypeVar("E", bound=Stamped)
E_co = TypeVar("E_co", bound=Stamped, covariant=True)
Document = dict[str, Any]


class Editable(Protocol[E_co]):
    """What the services of these nouns have in common."""

    def get(self, entity_id: str, /) -> E_co: ...
    def update(
        self, entity_id: str, changes: Mapping[str, object], expected_version: int | None, by: Actor, /
    ) -> E_co: ...
    def delete(self, entity_id: str, expected_version: int | None, by: Actor, /) -> None: ...


@dataclass(frozen=True)
class FormView:
    """One form in the dialog."""

    title: str
    action: str
    """Where it is sent to."""
    form: Form
    choices: Any
    """What the noun's template offers besides."""
    looked_at: str = ""
    """The title for those who may look at it and change nothing; none where it is not for them."""


@dataclass(frozen=True)
class DeleteView:
    title: str
    name: str
    action: str
    goes_with_it: str
    problem: str = ""
    verb: str = "Delete"


def _nothing(*_: object) -> None:
    return None


def _whole(entity: E, _: Scope) -> E:
    return entity


@dataclass(frozen=True)
class Noun(Generic[E]):
    """How a noun differs from the others."""

    word: str
    """As in addresses and sentences: ``page``."""
    plural: str
    draft_type: type[BaseModel]
    service: Callable[[Services], Editable[E]]
    create: Callable[[Services, str, Any, Actor], E]
    """Services, id of the project, draft, actor."""
    goes_with_it: Callable[[Services, str], str]
    """What deleting one takes along, and what it does not: of its id."""
    fields: frozenset[str]
    """Those that its form has; the others stay as they are."""
    project_of: Callable[[E], str]
    read: Callable[[Document], None] = _nothing
    """Makes a draft's fields of what the form sends otherwise. Raises Invalid."""
    write: Callable[[Document], None] = _nothing
    """The other way round, for what the form shows."""
    shown_to: Callable[[E, Scope], E] = _whole
    """What the form shows to somebody with this scope, who may only look at it."""
    choices: Callable[[Services, str, E | None], Any] = _nothing
    """What the form offers besides: services, id of the project, the one that is changed or none for a new one."""
    start: Document = field(default_factory=dict)
    """What the form of a new one begins with."""
    begin: Callable[[Actor], Document | None] = _nothing
    """The same, as far as it depends on who opens it and when."""
    ends: tuple[str, str] = ("Delete", "deleted")
    """How deleting is called, and what was done then."""
    after_create: Callable[[E], str | None] = _nothing
    """The page to show then; none stays."""
    after_delete: str | None = None
    created: Callable[[E], Response | None] = _nothing
    """Another answer to a creation than that it was saved."""


def add_forms(router: APIRouter, noun: Noun[E], created_below: str) -> "Forms[E]":
    """The six addresses of a noun's forms. created_below: ``/projects/{project_id}/pages``, or ``/projects``."""
    forms = Forms(noun, created_below)
    one = f"/{noun.plural}/{{entity_id}}"
    for path, method, endpoint in (
        (f"{created_below}/new", "GET", forms.ask_new),
        (created_below, "POST", forms.create),
        (f"{one}/edit", "GET", forms.show_edit),
        (one, "POST", forms.update),
        (f"{one}/delete", "GET", forms.ask),
        (f"{one}/delete", "POST", forms.delete),
    ):
        router.add_api_route(path, endpoint, methods=[method], response_model=None)
    return forms


class Forms(Generic[E]):
    def __init__(self, noun: Noun[E], created_below: str) -> None:
        self._noun = noun
        self._created_below = created_below

    def ask_new(self, services: ServicesDep, by: ActorDep, project_id: str = "") -> Response:
        return self.show_new(services, by, project_id, {})

    def show_new(self, services: Services, by: Actor, project_id: str, values: Document) -> Response:
        """The form of a new one that begins with these values."""
        begins = {**self._noun.start, **(self._noun.begin(by) or {}), **values}
        return self._new(services, project_id, Form(values=begins))

    def create(self, sent: FormDep, services: ServicesDep, by: ActorDep, project_id: str = "") -> Response:
        given = dict(sent)
        try:
            self._noun.read(sent)
            entity = self._noun.create(services, project_id, draft_of(self._noun.draft_type, sent), by)
        except (Invalid, Conflict) as error:
            return self._new(services, project_id, Form.again(given, error), 422)
        message = f"The {self._noun.word} {_name(entity)} was created."
        return self._noun.created(entity) or saved(message, self._noun.after_create(entity))

    def show_edit(self, entity_id: str, services: ServicesDep, caller: CallerDep) -> Response:
        entity = self._noun.shown_to(self._noun.service(services).get(entity_id), caller.scope)
        values = entity.model_dump(mode="json")
        self._noun.write(values)
        return self._edit(services, entity, Form(values=values))

    def update(self, entity_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
        given = dict(sent)
        entity = self._noun.service(services).get(entity_id)
        version = str(sent.pop("version", ""))
        try:
            changes = self._changes(entity, sent)
            expected = int(version) if version.isdecimal() else None
            entity = self._noun.service(services).update(entity_id, changes, expected, by)
        except VersionConflict:
            given["version"] = entity.version
            return self._edit(services, entity, Form(values=given, conflict=True), 422)
        except (Invalid, Conflict) as error:
            return self._edit(services, entity, Form.again(given, error), 422)
        return saved(f"The {self._noun.word} {_name(entity)} was saved.")

    def ask(self, entity_id: str, services: ServicesDep) -> Response:
        return self._delete(services, self._noun.service(services).get(entity_id))

    def delete(self, entity_id: str, services: ServicesDep, by: ActorDep) -> Response:
        service = self._noun.service(services)
        entity = service.get(entity_id)
        try:
            service.delete(entity_id, None, by)
        except Conflict as error:
            return self._delete(services, entity, error.message)
        return saved(f"The {self._noun.word} {_name(entity)} was {self._noun.ends[1]}.", self._noun.after_delete)

    def _changes(self, entity: E, sent: Document) -> Document:
        """Every field of the draft: what the form has and is empty takes its default. Raises Invalid."""
        self._noun.read(sent)
        current = entity.model_dump(mode="json")
        draft_type = self._noun.draft_type
        kept = {name: current[name] for name in draft_type.model_fields if name not in self._noun.fields}
        return draft_of(draft_type, {**kept, **sent}).model_dump(mode="json")

    def _new(self, services: Services, project_id: str, form: Form, status: int = 200) -> Response:
        action = self._created_below.format(project_id=project_id)
        choices = self._noun.choices(services, project_id, None)
        return self._answer(FormView(f"New {self._noun.word}", action, form, choices), status)

    def _edit(self, services: Services, entity: E, form: Form, status: int = 200) -> Response:
        choices = self._noun.choices(services, self._noun.project_of(entity), entity)
        word = self._noun.word
        return self._answer(FormView(f"Edit {word}", self._url(entity), form, choices, word.capitalize()), status)

    def _delete(self, services: Services, entity: E, problem: str = "") -> Response:
        verb = self._noun.ends[0]
        action, along = f"{self._url(entity)}/delete", self._noun.goes_with_it(services, entity.id)
        view = DeleteView(f"{verb} {self._noun.word}", _name(entity), action, along, problem, verb)
        return render_fragment("forms/delete.html", view, 422 if problem else 200)

    def _answer(self, view: FormView, status: int) -> Response:
        return render_fragment(f"forms/{self._noun.word}.html", view, status)

    def _url(self, entity: E) -> str:
        return f"/{self._noun.plural}/{entity.id}"


def _name(entity: Stamped) -> str:
    return str(getattr(entity, "name", entity.id))
