"""The editor of actions in the forms of pages and tasks, switched between rows and JSON."""

from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response

from scene.errors import Invalid
from scene.web.action_kinds import ActionKind, action_kinds
from scene.web.action_rows import as_json, read_actions, rows_of
from scene.web.forms import Form, FormDep
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)

Path = Literal["preparatory_actions", "task_actions"]
_HELP = {
    "preparatory_actions": "Carried out in order when the page has loaded.",
    "task_actions": "Carried out in order after the page's preparation.",
}


@dataclass(frozen=True)
class ActionEditor:
    """What the template of the editor needs besides the form."""

    path: Path
    help: str
    kinds: tuple[ActionKind, ...]

    @classmethod
    def of(cls, path: Path) -> "ActionEditor":
        return cls(path, _HELP[path], action_kinds())


@dataclass(frozen=True)
class SwitchedView:
    form: Form
    editor: ActionEditor


@router.post("/forms/{path}/{view}")
def switch_view(path: Path, view: Literal["rows", "json"], sent: FormDep) -> Response:
    """What was typed, in the other view. It stays as it is where rows cannot show it, and this is said."""
    given: dict[str, Any] = {path: sent.get(path, [])}
    try:
        read_actions(sent, path)
    except Invalid as error:
        return _answer(path, Form.again(given, error))
    actions = sent.get(path, [])
    if view == "json":
        return _answer(path, Form(values={path: given[path] if isinstance(given[path], str) else as_json(actions)}))
    rows = rows_of(actions)
    if rows is None:
        return _answer(path, Form.again(given, Invalid.field(path, "holds what rows cannot show; edit it here")))
    return _answer(path, Form(values={path: rows}))


def _answer(path: Path, form: Form) -> Response:
    view = SwitchedView(form, ActionEditor.of(path))
    return render_fragment("forms/_actions.html", view, 422 if form.errors else 200)
