"""Baselines, as a person reads them and makes new ones of old ones."""

import html
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.baselines import Baseline
from scene.domain.catalog import BatchDraft, BatchTask
from scene.domain.promotion import PromotionDraft
from scene.domain.reviews import Decision, ReviewsDraft
from scene.web.lineage import Lineage
from tests.contract.store.test_importing import brought, imported
from tests.contract.store.world import ANN, Clock, World


class Shelf:
    """A batch with a recording on main, what was promoted from its comparison, and one more on a branch."""

    def __init__(self, scene: Scene) -> None:
        self.world = World(scene.store, Clock())
        self.promotions = scene.services.promotions
        self.reviews = scene.services.reviews
        self.project = self.world.project()
        self.batch = self.world.batch(2, self.project)
        self.first = self.world.record(self.batch)
        self.second = self.promote(self.first, 1)
        self.branch = self.promote(self.second, 2, line="branch", parent_line="main")

    def promote(self, baseline: Baseline, percent: float, **fields: Any) -> Baseline:
        run, admitted = self.world.run(self.batch, baseline=baseline, **fields)
        self.world.carry_out(admitted, percent)
        self.reviews.decide_many(run.id, ReviewsDraft(decision=Decision.APPROVED, comment="Wanted"), ANN)
        return self.promotions.promote(run.id, PromotionDraft(notes="So be it"), ANN, None)[0]


@pytest.fixture
def shelf(scene: Scene) -> Shelf:
    return Shelf(scene)


def test_a_batch_shows_its_baselines_by_line_and_what_came_of_what(client: TestClient, shelf: Shelf) -> None:
    page = client.get(f"/batches/{shelf.batch.id}/baselines").text
    for each in (shelf.first, shelf.second, shelf.branch):
        assert page.count(f'href="/baselines/{each.id}"') == 2, "once drawn, once listed"
    assert page.count('class="lineage-edge') == 2
    assert page.count("Current") == 2, "one of each line"
    assert f"/baselines/import?batch={shelf.batch.id}" in page


def test_without_baselines_the_next_step_is_a_recording(client: TestClient, shelf: Shelf) -> None:
    empty = shelf.world.batch(1, shelf.project, "other")
    page = client.get(f"/batches/{empty.id}/baselines").text
    assert "No baselines yet" in page
    assert f'hx-get="/batches/{empty.id}/run?purpose=baseline_recording"' in page


def test_a_lane_is_drawn_for_each_line_with_main_first(shelf: Shelf) -> None:
    newest_first = [shelf.branch, shelf.second, shelf.first]
    drawn = Lineage.of(newest_first, {shelf.branch.id}, shelf.first.id)
    assert [lane.name for lane in drawn.lanes] == ["main", "branch"]
    assert [node.url for node in drawn.nodes] == [f"/baselines/{each.id}" for each in newest_first[::-1]]
    assert [(node.is_current, node.is_pinned) for node in drawn.nodes] == [(False, True), (False, False), (True, False)]
    assert [node.y for node in drawn.nodes] == [drawn.lanes[0].y] * 2 + [drawn.lanes[1].y]


def test_a_baseline_says_of_what_it_was_made_and_by_whom(client: TestClient, shelf: Shelf) -> None:
    page = client.get(f"/baselines/{shelf.second.id}").text
    assert f'href="/runs/{shelf.second.run_id}"' in page
    assert f'href="/baselines/{shelf.first.id}"' in page
    assert f'href="/api/baselines/{shelf.second.id}/export"' in page
    for told in ("Promoted from a run", "So be it", "2 approved", "2 replaced", "<q", "Wanted", "New here"):
        assert told in page, told


def test_a_baseline_that_is_not_there_is_a_problem_page(client: TestClient) -> None:
    for address in ("/baselines/unknown", "/baselines/unknown/compare", "/batches/unknown/baselines"):
        assert client.get(address, headers={"Accept": "text/html"}).status_code == 404, address


def test_two_are_compared_picture_by_picture(client: TestClient, shelf: Shelf) -> None:
    own = f"/baselines/{shelf.second.id}/compare"
    by_itself = client.get(own).text
    assert "2 replaced" in by_itself, "with the one before"
    assert "data-of-baselines" in by_itself
    assert client.get(own, params={"with": shelf.first.id}).text == by_itself
    assert "Compared with which?" in client.get(f"/baselines/{shelf.first.id}/compare").text


def test_many_differences_are_compared_a_page_at_a_time(client: TestClient, shelf: Shelf) -> None:
    world = shelf.world
    tasks = [BatchTask(task_id=world.task(shelf.project, name, 30).id) for name in ("one", "two")]
    batch = world.store.batches.create(shelf.project.id, BatchDraft(name="large", tasks=tasks), ANN)
    before, after = (
        imported(world, batch, *(brought(world, batch, f"{name} {cell}", cell) for cell in range(60)))
        for name in ("before", "after")
    )
    first = client.get(f"/baselines/{after.id}/compare", params={"with": before.id}).text
    assert "60 replaced" in first
    assert "50 of 60 differences are shown" in first
    link = re.search(r'href="([^"]*cursor=[^"]*)"', first)
    assert link is not None
    second = client.get(html.unescape(link[1])).text
    assert "10 of 60 differences are shown" in second
    assert f'data-previous-url="/baselines/{after.id}/compare?with={before.id}"' in second


def test_one_of_another_batch_is_refused_by_name(client: TestClient, shelf: Shelf) -> None:
    other = shelf.world.record(shelf.world.batch(1, shelf.project, "other"))
    answer = client.get(f"/baselines/{other.id}/compare", params={"with": shelf.first.id})
    assert answer.status_code == 422
    assert "another batch" in answer.text


def test_an_old_one_is_made_current_again_after_a_question_that_counts(client: TestClient, shelf: Shelf) -> None:
    own = f"/baselines/{shelf.first.id}/restore"
    assert "2 replaced" in client.get(own).text
    done = client.post(own, data={"notes": "Too early", "key": "once"})
    assert (done.status_code, "HX-Location" in done.headers) == (204, True)
    assert client.post(own, data={"notes": "Too early", "key": "once"}).status_code == 204
    newest = client.get("/api/baselines", params={"batch": shelf.batch.id}).json()["items"]
    assert [(each["kind"], each["notes"]) for each in newest[:1]] == [("restoration", "Too early")]
    assert len(newest) == 4, "the same twice makes one"


def test_the_current_one_is_not_made_current_again(client: TestClient, shelf: Shelf) -> None:
    own = f"/baselines/{shelf.second.id}/restore"
    assert "current baseline of the line main already" in client.get(own).text
    refused = client.post(own, data={})
    assert (refused.status_code, "It is the newest baseline" in refused.text) == (422, True)


def test_approvals_are_carried_to_another_line(client: TestClient, shelf: Shelf) -> None:
    own = f"/baselines/{shelf.branch.id}/carry"
    asked = client.get(own).text
    assert 'value="main" selected' in asked
    assert "2 replaced" in asked
    assert client.post(own, data={"line": "main"}).status_code == 204
    newest = client.get("/api/baselines", params={"batch": shelf.batch.id}).json()["items"][0]
    assert (newest["line"], newest["kind"], newest["source_id"]) == ("main", "carrying", shelf.branch.id)


def test_carrying_over_what_others_replaced_needs_a_word(client: TestClient, shelf: Shelf) -> None:
    shelf.promote(shelf.second, 3)
    own = f"/baselines/{shelf.branch.id}/carry"
    assert "Also replace the 2 that the line main has replaced since" in client.get(own).text
    refused = client.post(own, data={"line": "main", "notes": "Mine"})
    assert (refused.status_code, 'value="Mine"' in refused.text) == (422, True)
    assert "overwrite" in refused.text
    assert client.post(own, data={"line": "main", "overwrite": "true"}).status_code == 204


def test_a_line_that_is_its_own_is_refused(client: TestClient, shelf: Shelf) -> None:
    answer = client.post(f"/baselines/{shelf.branch.id}/carry", data={"line": "branch"})
    assert answer.status_code == 422
    assert "line: is the line that the baseline is of" in answer.text


def test_a_batch_is_pinned_to_one_and_let_go_again(client: TestClient, shelf: Shelf) -> None:
    assert "whatever its line" in client.get(f"/baselines/{shelf.first.id}/pin").text
    assert client.post(f"/baselines/{shelf.first.id}/pin").status_code == 204
    policy = client.get(f"/api/batches/{shelf.batch.id}").json()["baseline_policy"]
    assert policy == {"use": "pinned", "baseline_id": shelf.first.id}
    page = client.get(f"/batches/{shelf.batch.id}/baselines").text
    assert "one pinned baseline" in page
    assert "Pinned" in page
    assert client.post(f"/batches/{shelf.batch.id}/unpin").status_code == 204
    assert client.get(f"/api/batches/{shelf.batch.id}").json()["baseline_policy"]["use"] == "latest"


def test_a_run_is_started_against_one_from_its_page(client: TestClient, shelf: Shelf) -> None:
    form = f"/batches/{shelf.batch.id}/run?baseline={shelf.first.id}"
    assert f'hx-get="{form}"' in client.get(f"/baselines/{shelf.first.id}").text
    assert f'value="{shelf.first.id}" selected' in client.get(form).text


def test_it_is_deleted_after_a_question_and_never_while_used(client: TestClient, shelf: Shelf) -> None:
    assert "It has 2 pictures" in client.get(f"/baselines/{shelf.branch.id}/delete").text
    assert client.post(f"/baselines/{shelf.branch.id}/delete").status_code == 204
    assert client.get(f"/api/baselines/{shelf.branch.id}").status_code == 404
    refused = client.post(f"/baselines/{shelf.second.id}/delete")
    assert refused.status_code == 422
    assert "is used by the runs" in refused.text
