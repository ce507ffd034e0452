"""What is done to a page before it is captured: declarative actions, in order.

An action that needs an element waits for it, and for what makes it usable, until its time-out. Where several elements
match, the first is meant; ``hide`` and ``remove`` mean every one, be it none.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from scene.domain.model import STORABLE, Model, Script, Selector, Spelled
from scene.domain.options import ActionTimeout
from scene.domain.variables import filled

Value = Annotated[str, StringConstraints(max_length=20_000), STORABLE]


class Action(Model):
    """What every action has. Texts may hold ``{{name}}``, which the variables of a run fill in."""

    timeout_ms: ActionTimeout | None = None
    """Null takes the task's action_timeout_ms."""
    if_selector: Selector | None = None
    """Only when an element matches this at the moment of the action; otherwise it is skipped, and the log says so."""


class OnElement(Action):
    type: Literal["click", "double_click", "hover", "focus", "check", "uncheck", "scroll_into_view", "hide", "remove"]
    selector: Selector


class Fill(Action):
    """Replace what is in a field; ``type`` presses keys one by one instead."""

    type: Literal["fill", "type"]
    selector: Selector
    value: Value


class Press(Action):
    """Press a key such as ``Enter`` or ``Control+A``, on an element or wherever the focus is."""

    type: Literal["press"]
    key: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), STORABLE]
    selector: Selector | None = None


class SelectOption(Action):
    type: Literal["select_option"]
    selector: Selector
    values: list[Value] = Field(min_length=1, max_length=100)
    """Values or labels of the options."""


class SetAttribute(Action):
    type: Literal["set_attribute"]
    selector: Selector
    name: Annotated[
        str, Spelled(r"[A-Za-z_:][A-Za-z0-9_:.\-]{0,99}", "must be the name of an HTML attribute such as data-state")
    ]
    value: Value | None = None
    """Null removes the attribute."""


class ScrollTo(Action):
    """Scroll the page; CSS pixels from its top left corner."""

    type: Literal["scroll_to"]
    x: int = Field(default=0, ge=0, le=1_000_000)
    y: int = Field(default=0, ge=0, le=1_000_000)


class Wait(Action):
    type: Literal["wait"]
    ms: int = Field(ge=0, le=600_000)


class WaitForSelector(Action):
    type: Literal["wait_for_selector"]
    selector: Selector
    state: Literal["visible", "hidden", "attached", "detached"] = "visible"


class WaitForLoadState(Action):
    type: Literal["wait_for_load_state"]
    state: Literal["load", "domcontentloaded", "networkidle"] = "load"


class WaitForConsole(Action):
    """Wait until the page has logged a text; what it logged before counts too."""

    type: Literal["wait_for_console"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=2_000), STORABLE]


class Evaluate(Action):
    """Run JavaScript in the page: a function body that may await."""

    type: Literal["evaluate"]
    script: Script


class Goto(Action):
    """Open another page, under the rules of the first. Absolute, or relative to where the page is."""

    type: Literal["goto"]
    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), STORABLE]


class DisableAnimations(Action):
    """Switch CSS animations and transitions off from here on."""

    type: Literal["disable_animations"]


class AcceptDialogs(Action):
    """Accept the dialogs that open from here on; without it they are dismissed."""

    type: Literal["accept_dialogs"]
    prompt_text: Value | None = None
    """The answer to a prompt; null gives its default."""


AnyAction = Annotated[
    OnElement
    | Fill
    | Press
    | SelectOption
    | SetAttribute
    | ScrollTo
    | Wait
    | WaitForSelector
    | WaitForLoadState
    | WaitForConsole
    | Evaluate
    | Goto
    | DisableAnimations
    | AcceptDialogs,
    Field(discriminator="type"),
]
Actions = Annotated[list[AnyAction], Field(max_length=200)]
_FIXED = ("type", "state", "name")
"""Fields whose text is Scene's own, not a person's: no variable is filled in."""


def filled_action(action: AnyAction, variables: Mapping[str, str], where: str) -> AnyAction:
    """The action with its variables. Raises Invalid (``variables``) when one is not given."""

    def fill(value: object) -> object:
        if isinstance(value, str):
            return filled(value, variables, where)
        return [fill(each) for each in value] if isinstance(value, list) else value

    changed = {name: fill(value) for name, value in action if name not in _FIXED}
    return action.model_copy(update=changed)
