"""A fixed clock and seeded random: a page of chance is the same each time."""

import pytest

from tests.runner.conftest import Capture
from tests.runner.pages import Pages

NOON = "2026-02-03T12:00:00+01:00"
NOON_MS = 1_770_116_400_000


def holds(check: str) -> str:
    return f"if (!({check})) throw new Error(said.textContent)"


def test_a_page_of_chance_is_equal_over_repeats(capture: Capture) -> None:
    captured = [capture("/chance", fixed_time=NOON, random_seed=7) for _ in range(3)]
    assert len({each.sha256 for each in captured}) == 1
    assert not any(each.result.captures[0].unstable for each in captured)
    assert capture("/chance", fixed_time=NOON, random_seed=8).sha256 != captured[0].sha256


def test_without_them_it_is_not(capture: Capture) -> None:
    assert capture("/chance").sha256 != capture("/chance").sha256


@pytest.mark.parametrize(
    "check",
    [
        f"Date.now() === {NOON_MS} && new Date().getTime() === {NOON_MS}",
        "new Date(2020, 0, 1).getFullYear() === 2020 && new Date(5).getTime() === 5",
        "Date() === new Date().toString() && new Date() instanceof Date && new Date().constructor === Date",
        "new (class extends Date {})().getTime() === Date.now()",
        "Date.UTC(1970, 0, 1) === 0 && Date.parse('1970-01-01') === 0 && Date.name === 'Date'",
        "new Intl.DateTimeFormat('en', { year: 'numeric' }).format() === '2026'",
        "new Intl.DateTimeFormat('en', { year: 'numeric' }).formatToParts()[0].value === '2026'",
        "typeof Temporal === 'undefined' || Temporal.Now.plainDateISO('UTC').toString() === '2026-02-03'",
        "document.querySelector('iframe').contentDocument.body.textContent.startsWith(Date.now())",
    ],
)
def test_the_clock_shows_the_fixed_time_everywhere(capture: Capture, check: str) -> None:
    result = capture("/chance", fixed_time=NOON, task_js=holds(check)).result
    assert result.status == "finished", result.message


def test_timers_and_what_measures_time_go_on(capture: Capture) -> None:
    wait = "const from = performance.now(); await new Promise(done => setTimeout(done, 50));"
    frame = "await new Promise(done => requestAnimationFrame(done));"
    result = capture("/chance", fixed_time=NOON, task_js=wait + frame + holds("performance.now() - from >= 49")).result
    assert result.status == "finished", result.message


def test_what_is_drawn_by_the_clock_settles_and_is_waited_for(capture: Capture) -> None:
    captured = capture("/late", fixed_time=NOON, random_seed=1, wait_before_capture_ms=50)
    assert captured.picture().getpixel((30, 30)) == (255, 0, 0)


@pytest.mark.parametrize(
    "check",
    [
        "new Set(Array.from({ length: 1000 }, Math.random)).size === 1000",
        "Array.from({ length: 1000 }, Math.random).every(n => n >= 0 && n < 1)",
        "new Set(crypto.getRandomValues(new Uint8Array(4096))).size === 256",
        "/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())",
        "(() => { try { crypto.getRandomValues(new Float32Array(1)); } catch { return true; } })()",
        "(() => { const a = new Uint8Array(3); return crypto.getRandomValues(a) === a; })()",
    ],
)
def test_seeded_random_is_random(capture: Capture, check: str) -> None:
    result = capture("/chance", random_seed=0, task_js=holds(check)).result
    assert result.status == "finished", result.message


def test_they_survive_a_navigation(capture: Capture) -> None:
    go = "location.href = '/chance-frame'; await new Promise(done => setTimeout(done, 500))"
    first, second = (capture("/normal", fixed_time=NOON, random_seed=3, task_js=go) for _ in range(2))
    assert first.result.final_url.endswith("/chance-frame")
    assert first.sha256 == second.sha256


def test_the_reference_page_has_them_too(capture: Capture, pages: Pages) -> None:
    result = capture("/chance", reference_url=f"{pages.url}/chance?2", fixed_time=NOON, random_seed=7).result
    assert result.captures[0].sha256 == result.reference_captures[0].sha256
