"""Hide or remove what a task does not want in its pictures."""

from playwright.sync_api import Error as PlaywrightError

from scene_runner.context import OpenPage
from scene_runner.failure import Failed, is_crash, plain
from scene_runner.protocol import CaptureJob

# An element that is hidden already is left alone: setting its style again would count as a change of the page.
_SET_STYLE = """(elements, [name, value]) => {
  for (const { style } of elements) {
    if (style.getPropertyValue(name) !== value || style.getPropertyPriority(name) !== 'important') {
      style.setProperty(name, value, 'important');
    }
  }
  return elements.length;
}"""


def hide(open_page: OpenPage, job: CaptureJob) -> str:
    """Hide and remove every element that matches now; how many, for the step log.

    Raises Failed("selector"), naming what is no selector with its position.
    """
    said = []
    for option, selectors, style in (
        ("hide", job.hide, ["visibility", "hidden"]),
        ("remove", job.remove, ["display", "none"]),
    ):
        for number, selector in enumerate(selectors):
            label = f"{option}[{number}] {selector}"
            try:
                found: int = open_page.page.locator(selector).evaluate_all(_SET_STYLE, style)
            except PlaywrightError as error:
                if is_crash(error):
                    raise
                raise Failed("selector", f"{label} is not a selector: {plain(error)}.") from error
            said.append(f"{label}: {found or 'nothing matches'}")
    return "; ".join(said)
