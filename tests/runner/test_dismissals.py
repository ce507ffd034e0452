"""What is in the way is got rid of, and that is told."""

import pytest

from scene_runner.protocol import Dismissal, Intervention
from tests.runner.conftest import Capture
from tests.runner.pages import Pages

LIME = (0, 255, 0)


def done(kind: str, selector: str, count: int = 1) -> Intervention:
    return Intervention(kind, selector, "dismissals", count)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "dismissal", "expected"),
    [
        ("/banner", Dismissal("#banner", "remove"), done("removed", "#banner")),
        ("/banner", Dismissal("text=Accept", "click"), done("clicked", "text=Accept")),
        ("/consent", Dismissal("button", "click"), done("clicked", "button")),
    ],
)
def test_what_covers_the_page_is_not_in_its_picture(
    capture: Capture, path: str, dismissal: Dismissal, expected: Intervention
) -> None:
    assert capture(path).picture().getpixel((300, 200)) == (255, 0, 0)
    captured = capture(path, dismissals=[dismissal])
    assert captured.picture().getpixel((300, 200)) == LIME
    assert captured.result.interventions == [expected]
    step = next(step for step in captured.result.steps if step.name == "dismissals")
    assert step.detail == f"{expected.kind} {expected.what} (1)"


def test_what_comes_late_and_again_is_met_too(capture: Capture) -> None:
    captured = capture("/late-banner", dismissals=[Dismissal("#banner", "remove")], wait_before_capture_ms=1_200)
    assert captured.picture().getpixel((300, 200)) == LIME
    assert captured.result.interventions == [done("removed", "#banner", 2)]
    details = {step.name: step.detail for step in captured.result.steps if step.name.startswith("dismissals")}
    assert details["dismissals"] == "nothing was in the way"
    assert "removed #banner" in details["dismissals again"]


def test_what_is_not_there_or_hidden_is_nothing(capture: Capture) -> None:
    dismissals = [Dismissal("#nothing", "remove"), Dismissal("#hidden", "remove"), Dismissal("#hidden", "click")]
    result = capture("/normal", dismissals=dismissals).result
    assert (result.status, result.interventions) == ("finished", [])


def test_actions_find_the_page_free(capture: Capture) -> None:
    check = "if (document.querySelector('#banner').offsetWidth) throw new Error('it is in the way')"
    result = capture("/banner", dismissals=[Dismissal("#banner", "remove")], preparatory_js=check).result
    assert result.status == "finished", result.message


def test_the_reference_page_is_freed_too(capture: Capture, pages: Pages) -> None:
    captured = capture("/banner", reference_url=f"{pages.url}/banner?2", dismissals=[Dismissal("#banner", "remove")])
    assert [each.of_reference for each in captured.result.interventions] == [False, True]
    assert captured.result.captures[0].sha256 == captured.result.reference_captures[0].sha256


def test_what_is_no_selector_is_named(capture: Capture) -> None:
    result = capture("/normal", dismissals=[Dismissal("p >>> [", "remove")]).result
    assert (result.status, result.reason, result.failed_step) == ("failed", "selector", "dismissals")
    assert "Dismissals: p >>> [ is not a selector" in result.message
