"""Carry out declarative actions, one after the other."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from scene_runner.context import OpenPage
from scene_runner.failure import Failed, crash, plain, waited_for
from scene_runner.lost import is_lost
from scene_runner.navigate import navigate
from scene_runner.protocol import Action, CaptureJob
from scene_runner.report import JobReport, Remark
from scene_runner.scripts import run_script
from scene_runner.watchdog import Watchdog

_PAUSE_MS = 50
_GRACE_SECONDS = 2
# Set in the object model, which no content security policy forbids.
_NO_ANIMATIONS = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
_LISTEN = """element => {
  const heard = { element, it: false };
  element.addEventListener('dblclick', () => { heard.it = true; }, { once: true, capture: true });
  return heard;
}"""
_DOUBLE_CLICK = """heard => heard.it || heard.element.dispatchEvent(
  new MouseEvent('dblclick', { bubbles: true, cancelable: true, composed: true, detail: 2, view: window }))"""
_STYLES = {"hide": ("visibility", "hidden"), "remove": ("display", "none")}
_SET_STYLE = "(elements, [name, value]) => elements.forEach(each => each.style.setProperty(name, value, 'important'))"
_SET_ATTRIBUTE = """(element, [name, value]) =>
  value === null ? element.removeAttribute(name) : element.setAttribute(name, value)"""


class ActionRun:
    """The actions of one page, of the page itself and of the task."""

    def __init__(self, page: OpenPage, job: CaptureJob, report: JobReport, watchdog: Watchdog) -> None:
        self._page = page
        self._job = job
        self._report = report
        self._watchdog = watchdog

    def carry_out(self, actions: list[Action], name: str) -> None:
        """Each as a step of its own, ``<name>[<position>] <type>``. Raises Failed, naming the action that failed."""
        for position, action in enumerate(actions):
            label = f"{name}[{position}] {action.type}"
            with self._report.step(label) as remark:
                self._one(action, label, remark)

    def _one(self, action: Action, label: str, remark: Remark) -> None:
        seconds = action.timeout_ms / 1000
        if action.type == "wait":
            seconds += action.arguments["ms"] / 1000
        too_long = f"{label} did not end within {action.timeout_ms / 1000:g} s."
        try:
            with self._watchdog.limit(seconds + _GRACE_SECONDS, too_long):
                if action.if_selector is not None and not self._page.page.locator(action.if_selector).count():
                    remark.detail = f"skipped: nothing matches {action.if_selector}"
                    return
                _HANDLERS[action.type](self, action, remark)
        except PlaywrightTimeout as error:
            raise self._late(action, label, error) from error
        except PlaywrightError as error:
            if is_lost(self._page.page, error):
                raise crash(error) from error
            raise _refused(action, label, error) from error

    def _late(self, action: Action, label: str, error: PlaywrightTimeout) -> Failed:
        within = f"within {action.timeout_ms / 1000:g} s"
        selector = action.arguments.get("selector")
        if selector is None:
            return Failed("timeout", f"{label} did not end {within}.")
        if action.type == "wait_for_selector":
            state = action.arguments["state"]
            return Failed("timeout", f"{label}: {selector} was not {state} {within}.")
        if not self._page.page.locator(selector).count():
            return Failed("selector", f"{label}: no element matched {selector} {within}.")
        why = waited_for(error)
        return Failed("timeout", f"{label}: {selector} could not be used {within}{f': {why}' if why else ''}.")

    def _element(self, action: Action, remark: Remark) -> Locator:
        """The first that matches, once there is one."""
        matching = self._page.page.locator(action.arguments["selector"])
        matching.first.wait_for(state="attached", timeout=action.timeout_ms)
        if (count := matching.count()) > 1:
            remark.detail = f"{count} elements match; the first was taken"
        return matching.first

    def _on_element(self, action: Action, remark: Remark) -> None:
        element, timeout = self._element(action, remark), action.timeout_ms
        calls: dict[str, Callable[..., Any]] = {
            "click": element.click,
            "double_click": partial(_double_click, element),
            "hover": element.hover,
            "focus": element.focus,
            "check": element.check,
            "uncheck": element.uncheck,
            "scroll_into_view": element.scroll_into_view_if_needed,
        }
        calls[action.type](timeout=timeout)

    def _fill(self, action: Action, remark: Remark) -> None:
        element, value = self._element(action, remark), action.arguments["value"]
        if element.evaluate("element => element.type === 'password'", timeout=action.timeout_ms):
            self._report.redactor.add(value)
        if action.type == "fill":
            element.fill(value, timeout=action.timeout_ms)
        else:
            element.press_sequentially(value, timeout=action.timeout_ms)

    def _press(self, action: Action, remark: Remark) -> None:
        key = action.arguments["key"]
        if action.arguments["selector"] is None:
            self._page.page.keyboard.press(key)
        else:
            self._element(action, remark).press(key, timeout=action.timeout_ms)

    def _select_option(self, action: Action, remark: Remark) -> None:
        self._element(action, remark).select_option(action.arguments["values"], timeout=action.timeout_ms)

    def _set_attribute(self, action: Action, remark: Remark) -> None:
        arguments = [action.arguments["name"], action.arguments["value"]]
        self._element(action, remark).evaluate(_SET_ATTRIBUTE, arguments, timeout=action.timeout_ms)

    def _set_style(self, action: Action, remark: Remark) -> None:
        matching = self._page.page.locator(action.arguments["selector"])
        matching.evaluate_all(_SET_STYLE, list(_STYLES[action.type]))
        remark.detail = f"elements: {matching.count()}"

    def _scroll_to(self, action: Action, _: Remark) -> None:
        place = [action.arguments["x"], action.arguments["y"]]
        self._page.page.evaluate("([left, top]) => scrollTo({ left, top, behavior: 'instant' })", place)

    def _wait(self, action: Action, _: Remark) -> None:
        self._page.page.wait_for_timeout(action.arguments["ms"])

    def _wait_for_selector(self, action: Action, _: Remark) -> None:
        matching = self._page.page.locator(action.arguments["selector"])
        matching.first.wait_for(state=action.arguments["state"], timeout=action.timeout_ms)

    def _wait_for_load_state(self, action: Action, _: Remark) -> None:
        self._page.page.wait_for_load_state(action.arguments["state"], timeout=action.timeout_ms)

    def _wait_for_console(self, action: Action, _: Remark) -> None:
        text, until = action.arguments["text"], time.monotonic() + action.timeout_ms / 1000
        while not any(text in said for said in self._page.console):
            if time.monotonic() > until:
                raise Failed("timeout", f"The page did not log {text!r} within {action.timeout_ms / 1000:g} s.")
            self._page.page.wait_for_timeout(_PAUSE_MS)

    def _evaluate(self, action: Action, _: Remark) -> None:
        job = replace(self._job, script_timeout_ms=action.timeout_ms)
        run_script(self._page.page, "The script", action.arguments["script"], job, self._watchdog)

    def _goto(self, action: Action, _: Remark) -> None:
        url = urljoin(self._page.page.url, action.arguments["url"])
        navigate(self._page, replace(self._job, url=url), action.timeout_ms)

    def _disable_animations(self, _: Action, __: Remark) -> None:
        self._page.page.evaluate(_NO_ANIMATIONS)

    def _accept_dialogs(self, action: Action, _: Remark) -> None:
        answer = action.arguments["prompt_text"]
        self._page.page.on("dialog", lambda dialog: dialog.accept(dialog.default_value if answer is None else answer))


def _double_click(element: Locator, timeout: float) -> None:
    """An ordinary Firefox hears two clicks and no double click: each comes as a command of its own."""
    heard = element.evaluate_handle(_LISTEN, timeout=timeout)
    element.dblclick(timeout=timeout)
    with suppress(PlaywrightError):  # the clicks led elsewhere
        heard.evaluate(_DOUBLE_CLICK)


def _refused(action: Action, label: str, error: PlaywrightError) -> Failed:
    """What Playwright refuses without waiting."""
    said = plain(error).removeprefix("Error: ")
    reason = "selector" if "selector" in said.lower() or "SyntaxError" in said else "internal"
    if action.type in ("press", "select_option", "fill", "check", "uncheck"):
        reason = "selector"
    if reason == "selector":
        return Failed("selector", f"{label}: {action.arguments.get('selector') or 'the key'}: {said}.")
    return Failed("internal", f"{label} failed: {said}.")


_HANDLERS: dict[str, Callable[[ActionRun, Action, Remark], None]] = {
    **dict.fromkeys(
        ("click", "double_click", "hover", "focus", "check", "uncheck", "scroll_into_view"), ActionRun._on_element
    ),
    **dict.fromkeys(("fill", "type"), ActionRun._fill),
    **dict.fromkeys(("hide", "remove"), ActionRun._set_style),
    "press": ActionRun._press,
    "select_option": ActionRun._select_option,
    "set_attribute": ActionRun._set_attribute,
    "scroll_to": ActionRun._scroll_to,
    "wait": ActionRun._wait,
    "wait_for_selector": ActionRun._wait_for_selector,
    "wait_for_load_state": ActionRun._wait_for_load_state,
    "wait_for_console": ActionRun._wait_for_console,
    "evaluate": ActionRun._evaluate,
    "goto": ActionRun._goto,
    "disable_animations": ActionRun._disable_animations,
    "accept_dialogs": ActionRun._accept_dialogs,
}
