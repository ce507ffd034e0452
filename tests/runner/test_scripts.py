"""The job's own scripts, good and bad, and what a bad page does to the next job."""

import pytest

from scene_runner.protocol import TargetJob
from tests.runner.conftest import Capture, in_both_browsers
from tests.runner.program import FULL


@in_both_browsers
def test_scripts_may_await_and_return(capture: Capture) -> None:
    slow = "await new Promise(done => setTimeout(done, 50)); document.body.style.background = 'red'; return 1"
    captured = capture("/normal", preparatory_js="window.ready = true", task_js=f"if (!ready) throw 1; {slow}")
    assert captured.picture().getpixel((399, 299)) == (255, 0, 0)
    assert [step.name for step in captured.result.steps][-4:] == ["preparatory_js", "task_js", "settle", "capture full"]


@in_both_browsers
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("throw new Error('no such button')", "The task JS failed: no such button"),
        ("await Promise.reject(new Error('rejected'))", "The task JS failed: rejected"),
        ("throw 'a bare word'", "a bare word"),
        ("nonsense(", "The task JS failed: SyntaxError"),
    ],
)
def test_a_script_that_throws_fails_with_its_words(capture: Capture, body: str, words: str) -> None:
    result = capture("/normal", task_js=body).result
    assert (result.reason, result.failed_step) == ("script", "task_js")
    assert words in result.message


@in_both_browsers
@pytest.mark.parametrize("body", ["for (;;);", "await new Promise(() => {})", "await 0; for (;;);"])
def test_a_script_that_never_ends_is_stopped_and_named(capture: Capture, body: str) -> None:
    result = capture("/normal", preparatory_js=body, script_timeout_ms=500).result
    assert (result.reason, result.failed_step) == ("timeout", "preparatory_js")
    assert result.message == "The preparatory JS did not end within 0.5 s."
    assert capture("/normal").result.status == "finished"


@in_both_browsers
def test_a_script_may_send_the_page_elsewhere(capture: Capture) -> None:
    result = capture("/normal", task_js="location.href = '/arrived'; await new Promise(() => {})").result
    assert (result.status, result.final_url.rpartition("/")[2]) == ("finished", "arrived")


@in_both_browsers
def test_a_page_that_keeps_itself_busy_meets_the_deadline(capture: Capture) -> None:
    result = capture("/busy-later", execution_timeout_ms=2_000).result
    assert result.reason == "timeout"
    assert "2 s" in result.message
    assert capture("/normal").result.status == "finished"


@in_both_browsers
@pytest.mark.parametrize(
    ("selector", "step", "words"),
    [
        ("#nowhere", "find element:x", "No element matches #nowhere."),
        ("#hidden", "capture element:x#1", "is not visible"),
        ("##", "find element:x", "is not a selector"),
    ],
)
def test_an_element_that_cannot_be_captured_is_named(capture: Capture, selector: str, step: str, words: str) -> None:
    result = capture("/normal", targets=[FULL, TargetJob("element:x", "element", selector=selector)]).result
    assert (result.reason, result.failed_step) == ("selector", step)
    assert words in result.message


@in_both_browsers
def test_a_failed_page_is_photographed(capture: Capture) -> None:
    captured = capture("/normal", task_js="throw new Error('x')")
    assert ("screenshot", "failure.png") in [(file.type, file.file) for file in captured.result.files]
    assert captured.path("failure.png").read_bytes().startswith(b"\x89PNG")


def test_a_page_that_goes_on_talking_after_its_capture_harms_no_later_one(capture: Capture) -> None:
    assert capture("/normal", task_js="setInterval(() => console.log('still here'), 1)").result.status == "finished"
    assert capture("/normal").result.status == "finished"
