"""The history of a task and of a batch: plots, flakiness, and the same numbers in a table."""

import re
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from scene.domain.amounts import duration, percent
from scene.web.plots import Plot, Point
from tests.support.describe import Story
from tests.support.site import Site

AT = datetime(2026, 1, 1, tzinfo=UTC)


def rows(html: str, heading: str) -> list[list[str]]:
    """The table below a heading, as the words of its cells on a wide screen."""
    body = html.partition(f">{heading}</h2>")[2].partition("<tbody>")[2].partition("</tbody>")[0]
    body = re.sub(r'<div class="d-(sm|md)-none.*?</div>', "", body, flags=re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>")[:-1]]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def drawn(html: str, figure: str) -> list[tuple[str, float]]:
    """The bars of a plot: what each means and how high it is."""
    inside = html.partition(f">{figure}")[2].partition("</figure>")[0]
    return [
        (state, float(height))
        for state, height in re.findall(r'plot-bar" data-state="(\w+)".*?height="([\d.]+)"', inside)
    ]


def plot(*values: float | None, highest: float = 100) -> Plot:
    points = [Point(AT, "/runs/1", value, "changed" if value else "unchanged") for value in values]
    return Plot.of("Changed", points, percent, highest)


@pytest.mark.live
def test_a_task_and_its_batch_show_what_their_comparisons_came_to(story: Story, site: Site) -> None:
    task = story.task(name="Front")
    batch = story.batch(task, name="Nightly")
    story.record(batch)
    before = site.pages["/"]
    first = story.compare(batch)
    site.pages["/"] = "<!doctype html><h1>Changed</h1>"
    second = story.compare(batch)
    site.pages["/"] = before
    third = story.compare(batch)

    of_task = story.client.get(f"/tasks/{task['id']}/history").text
    states = [state for state, _ in drawn(of_task, "Changed pixels")]
    assert states == ["unchanged", "changed", "unchanged"]
    assert re.findall(r'<a href="(/runs/\w+)" tabindex="-1">', of_task)[:3] == [
        run["url"] for run in (first, second, third)
    ]
    ((cell, *counts),) = rows(of_task, "Flakiness")
    assert (cell, counts) == ("chromium 640x480@1", ["3", "1", "1", "0", "0", "0", "0", "0"])
    share = percent(story.executions(second)[0]["percent_changed"])
    assert [row[2] for row in rows(of_task, "Runs")] == ["0.00 %", share, "0.00 %"]

    of_batch = story.client.get(f"/batches/{batch['id']}/history").text
    assert drawn(of_batch, "Changed executions") == [("unchanged", 1), ("changed", 100), ("unchanged", 1)]
    assert rows(of_batch, "Flakiness") == [["Front", "3", "1", "0", "0", "0", "0", "0"]]
    assert f'href="/tasks/{task["id"]}/history"' in of_batch


@pytest.mark.live
def test_a_failure_is_no_unchanged_run_and_a_deleted_task_keeps_its_name(story: Story, site: Site) -> None:
    task = story.task(story.page("/nowhere"), name="Lost")
    batch = story.batch(task)
    story.compare(batch)
    (row,) = rows(story.client.get(f"/tasks/{task['id']}/history").text, "Runs")
    assert (row[1], row[4]) == ("Failed", "1")
    assert story.client.delete(f"/api/tasks/{task['id']}").status_code == 204
    assert rows(story.client.get(f"/batches/{batch['id']}/history").text, "Flakiness")[0][0] == "Lost"
    assert story.client.get(f"/tasks/{task['id']}/history").status_code == 404


def test_without_comparisons_it_says_what_to_do(story: Story) -> None:
    batch = story.batch()
    for url in (f"/batches/{batch['id']}/history", f"/tasks/{batch['tasks'][0]['task_id']}/history"):
        assert "No comparisons yet" in story.client.get(url).text


def test_the_lists_lead_to_the_histories(story: Story) -> None:
    batch = story.batch()
    own = f"/projects/{story.project['id']}"
    assert f"/batches/{batch['id']}/history" in story.client.get(f"{own}/batches").text
    assert f"/tasks/{batch['tasks'][0]['task_id']}/history" in story.client.get(f"{own}/tasks").text


def test_what_is_not_there_has_no_history(client: TestClient) -> None:
    assert client.get("/batches/nothing/history").status_code == 404


@pytest.mark.parametrize(
    ("values", "top", "heights"),
    [
        ((0.0, 0.5, 1.0), "1 %", [1, 50, 100]),
        ((13.0,), "20 %", [65]),
        ((77.0, 99.0), "100 %", [77, 99]),
        ((0.001, None, 100.0), "100 %", [3, 3, 100]),
    ],
)
def test_a_plot_ends_at_a_round_number_and_shows_what_is_small(
    values: tuple[float | None, ...], top: str, heights: list[float]
) -> None:
    found = plot(*values)
    assert found.top == top
    assert [bar.height for bar in found.bars] == pytest.approx(heights)


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (0, "0 ms"),
        (999.4, "999 ms"),
        (999.6, "1.0 s"),
        (59_940, "59.9 s"),
        (59_960, "1 min 0 s"),
        (200_000, "3 min 20 s"),
        (7_500_000, "2 h 5 min"),
    ],
)
def test_durations_in_words(milliseconds: float, words: str) -> None:
    assert duration(milliseconds) == words
