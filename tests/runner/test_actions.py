"""Declarative actions in a real page."""

from typing import Any

import pytest

from scene_runner.protocol import Action
from tests.runner.conftest import Capture, in_both_browsers

TIMEOUT_MS = 15_000


def action(type_: str, *, timeout_ms: int = TIMEOUT_MS, if_selector: str | None = None, **arguments: Any) -> Action:
    return Action(type_, timeout_ms, if_selector, arguments)


def expecting(words: str) -> str:
    return f"if (!log.textContent.includes({words!r})) throw new Error('it says ' + log.textContent)"


@in_both_browsers
@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([action("click", selector="#a")], "click a"),
        ([action("click", selector="text=Two")], "click Two"),
        ([action("double_click", selector="#a")], "dblclick a"),
        ([action("hover", selector="#a")], "mouseenter a"),
        ([action("focus", selector="#text")], "focus text"),
        ([action("fill", selector="#text", value="Ünï 🦊")], "text Ünï 🦊"),
        ([action("type", selector="#text", value="ab")], "key a; text a; key b; text ab"),
        ([action("press", selector="#text", key="Enter")], "key Enter"),
        ([action("focus", selector="#text"), action("press", selector=None, key="Escape")], "key Escape"),
        ([action("select_option", selector="#choice", values=["Second"])], "choice Second"),
        ([action("check", selector="#box")], "box true"),
        ([action("check", selector="#box"), action("uncheck", selector="#box")], "box false"),
        ([action("evaluate", script="await 0; say('from a script')")], "from a script"),
    ],
)
def test_an_action_does_what_its_name_says(capture: Capture, actions: list[Action], words: str) -> None:
    result = capture("/form", preparatory_actions=actions, task_js=expecting(words)).result
    assert result.status == "finished", result.message


@pytest.mark.parametrize(
    ("actions", "check"),
    [
        ([action("set_attribute", selector="#a", name="title", value="x")], "a.title === 'x'"),
        ([action("set_attribute", selector="#text", name="id", value=None)], "!document.querySelector('#text')"),
        (
            [action("hide", selector=".b")],
            "[...document.querySelectorAll('.b')].every(e => e.style.visibility === 'hidden' && e.offsetWidth === 100)",
        ),
        ([action("remove", selector=".b")], "[...document.querySelectorAll('.b')].every(e => e.offsetWidth === 0)"),
        ([action("hide", selector=".nothing")], "true"),
        ([action("scroll_to", x=0, y=500)], "scrollY === 500"),
        ([action("wait_for_selector", selector="#late", state="visible")], "!!document.querySelector('#late')"),
        ([action("wait_for_console", text="ready 7")], "!!document.querySelector('#late')"),
        ([action("wait", ms=400)], "!!document.querySelector('#late')"),
        ([action("wait_for_load_state", state="networkidle")], "document.readyState === 'complete'"),
        ([action("disable_animations")], "getComputedStyle(document.body).animationName === 'none'"),
    ],
)
def test_an_action_leaves_the_page_so(capture: Capture, actions: list[Action], check: str) -> None:
    result = capture("/form", task_actions=actions, task_js=f"if (!({check})) throw new Error('not so')").result
    assert result.status == "finished", result.message


def test_dialogs_are_accepted_when_that_is_asked_for(capture: Capture) -> None:
    ask = action("click", selector="button")
    check = "if (said.textContent !== '{}') throw new Error(said.textContent)"
    for actions, words in (
        ([ask], "false null"),
        ([action("accept_dialogs", prompt_text=None), ask], "true me"),
        ([action("accept_dialogs", prompt_text="you"), ask], "true you"),
    ):
        result = capture("/asks", task_actions=actions, task_js=check.format(words)).result
        assert result.status == "finished", result.message


def test_actions_run_in_their_order_between_the_scripts(capture: Capture) -> None:
    captured = capture(
        "/form",
        preparatory_actions=[action("click", selector="#a"), action("wait", ms=1)],
        preparatory_js="say('first')",
        task_actions=[action("fill", selector="#text", value="x")],
        task_js=expecting("click a; first; focus text; text x"),
    )
    assert captured.result.status == "finished", captured.result.message
    assert [step.name for step in captured.result.steps][-7:-1] == [
        "preparatory_actions[0] click",
        "preparatory_actions[1] wait",
        "preparatory_js",
        "task_actions[0] fill",
        "task_js",
        "settle",
    ]


def test_a_link_leads_on_and_goto_too(capture: Capture) -> None:
    click = [action("click", selector="#link"), action("wait_for_selector", selector="text=Arrived", state="visible")]
    assert capture("/form", task_actions=click).result.final_url.endswith("/arrived")
    assert capture("/form", task_actions=[action("goto", url="arrived")]).result.final_url.endswith("/arrived")


def test_what_there_is_to_say_is_in_the_log(capture: Capture) -> None:
    actions = [
        action("click", selector=".b"),
        action("click", selector="#a", if_selector="#nothing"),
        action("click", selector="#a", if_selector="#a"),
        action("hide", selector=".b"),
    ]
    result = capture("/form", task_actions=actions).result
    details = [step.detail for step in result.steps if step.name.startswith("task_actions")]
    assert details == ["2 elements match; the first was taken", "skipped: nothing matches #nothing", "", "elements: 2"]


@pytest.mark.parametrize(
    ("failing", "reason", "words"),
    [
        (action("click", selector="#nothing", timeout_ms=300), "selector", "no element matched #nothing within 0.3 s"),
        (action("click", selector="#off", timeout_ms=300), "timeout", "element is not enabled"),
        (action("click", selector="p >>> [", timeout_ms=300), "selector", "p >>> ["),
        (action("fill", selector="#a", value="x", timeout_ms=300), "selector", "#a"),
        (action("press", selector=None, key="NoSuchKey"), "selector", "NoSuchKey"),
        (
            action("wait_for_selector", selector="#a", state="hidden", timeout_ms=300),
            "timeout",
            "#a was not hidden within 0.3 s",
        ),
        (action("wait_for_console", text="never", timeout_ms=300), "timeout", "did not log 'never'"),
        (action("select_option", selector="#choice", values=["Third"], timeout_ms=300), "timeout", "#choice"),
        (action("evaluate", script="throw new Error('no')"), "script", "The script failed: no"),
        (action("evaluate", script="for (;;);", timeout_ms=300), "timeout", "did not end within 0.3 s"),
        (action("goto", url="/status/404"), "status", "404"),
        (action("goto", url="file:///etc/hostname"), "navigation", "only http and https"),
    ],
)
def test_the_action_that_fails_is_named(capture: Capture, failing: Action, reason: str, words: str) -> None:
    actions = [action("click", selector="#a"), failing, action("click", selector="#a")]
    captured = capture("/form", task_actions=actions)
    result = captured.result
    assert (result.status, result.reason) == ("failed", reason), result.message
    assert result.failed_step == f"task_actions[1] {failing.type}"
    assert words in result.message
    assert result.captures == []
    if "for (;;)" not in str(failing.arguments):
        assert any(file.type == "screenshot" for file in result.files), "the page at that moment"
