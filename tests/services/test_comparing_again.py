"""Compare an ended run again, without capturing: after a policy changed, and whatever happened since."""

from typing import Any

import pytest

from scene.artifacts.keys import key_of
from scene.bootstrap import Scene
from scene.domain.records import SYSTEM, EventType
from scene.domain.webhooks import WebhookDraft
from scene.errors import StorageError
from scene.store.values import SliceRequest
from tests.support.describe import Story
from tests.support.site import Site

pytestmark = pytest.mark.live

ROWS = "".join(f"<p>Paragraph number {number} of a longer text.</p>" for number in range(20))
BANNER = "<div style='height:40px;background:gold'>New</div>"


def page(banner: str = "", word: str = "News") -> str:
    return f"<!doctype html><h1>{word}</h1>{banner}{ROWS}"


def shifted(story: Story, site: Site) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A task, its batch, and a comparison in which a banner moved everything down."""
    site.pages["/"] = page()
    task = story.task()
    batch = story.batch(task)
    story.record(batch)
    site.pages["/"] = page(BANNER)
    return task, batch, story.compare(batch)


def policy(story: Story, task: dict[str, Any], **fields: Any) -> None:
    assert story.client.patch(f"/api/tasks/{task['id']}", json={"policy": fields}).status_code == 200


def again(story: Story, run: dict[str, Any]) -> dict[str, Any]:
    response = story.client.post(f"/api/runs/{run['id']}/compare", json={})
    assert response.status_code == 200, response.text
    return response.json()


def shot(story: Story, run: dict[str, Any]) -> dict[str, Any]:
    (execution,) = story.executions(run)
    (found,) = story.screenshots(execution)
    return found


def test_a_policy_that_changed_changes_verdicts_and_counts(story: Story, site: Site) -> None:
    task, _, run = shifted(story, site)
    captured = len(site.requests)
    assert (run["verdict"], run["level"], run["summary"]["changed"]) == ("changed", "major", 1)
    policy(story, task, shift="ignore", max_shift_rows=100)
    after = again(story, run)
    assert (after["verdict"], after["passed"], after["level"]) == ("unchanged", True, "none")
    assert (after["summary"]["changed"], after["summary"]["unchanged"]) == (0, 1)
    assert after["finished_at"] == run["finished_at"]
    found = shot(story, run)
    newest, first = found["comparisons"]
    assert (found["verdict"], newest["verdict"], first["verdict"]) == ("unchanged", "unchanged", "changed")
    assert " rows inserted at y=" in newest["sentence"]
    assert "is ignored" in newest["sentence"]
    assert story.client.get(newest["diff"]["url"]).content.startswith(b"\x89PNG")
    assert story.get(f"/api/runs/{run['id']}") == after
    assert len(site.requests) == captured


def test_what_was_passed_can_be_changed_again(story: Story, site: Site) -> None:
    task, _, run = shifted(story, site)
    policy(story, task, shift="ignore", max_shift_rows=100)
    again(story, run)
    policy(story, task, shift="ignore", max_shift_rows=39)
    assert again(story, run)["verdict"] == "changed"
    assert len(shot(story, run)["comparisons"]) == 3


def test_the_same_once_more_gives_the_same(story: Story, site: Site) -> None:
    _, _, run = shifted(story, site)
    assert again(story, run) == again(story, run) == run
    sentences = {comparison["sentence"] for comparison in shot(story, run)["comparisons"]}
    assert len(sentences) == 1


@pytest.mark.parametrize("mask", [{"selector": "h1"}, {"rectangle": {"x": 0, "y": 0, "width": 640, "height": 100}}])
def test_a_mask_that_came_later_covers_what_changed(story: Story, site: Site, mask: dict[str, Any]) -> None:
    site.pages["/"] = page(word="Monday")
    task = story.task(policy={"masks": [{"selector": "h1"}]})
    batch = story.batch(task)
    story.record(batch)
    policy(story, task)
    site.pages["/"] = page(word="Tuesday")
    run = story.compare(batch)
    assert run["verdict"] == "changed"
    policy(story, task, masks=[mask])
    assert again(story, run)["verdict"] == "unchanged"
    assert shot(story, run)["comparisons"][0]["masks"][0]["baseline"] != []


def test_a_deleted_task_keeps_its_frozen_policy(story: Story, site: Site) -> None:
    task, batch, run = shifted(story, site)
    policy(story, task, shift="ignore", max_shift_rows=100)
    again(story, run)
    story.client.patch(f"/api/batches/{batch['id']}", json={"tasks": []})
    assert story.client.delete(f"/api/tasks/{task['id']}").status_code == 204
    assert again(story, run)["verdict"] == "changed"


def test_the_comparison_with_the_reference_is_made_again_too(story: Story, site: Site) -> None:
    site.pages |= {"/": page(word="Here"), "/there": page(word="There")}
    task = story.task(story.page("/", reference_url=f"{site.url}/there"), compare_with="reference")
    run = story.compare(story.batch(task))
    assert run["verdict"] == "changed"
    policy(story, task, max_changed_pixels=1_000_000)
    assert again(story, run)["verdict"] == "unchanged"
    assert shot(story, run)["reference_differs"] is False


def test_what_is_new_or_missing_stays_so(story: Story) -> None:
    run = story.compare(story.batch())
    after = again(story, run)
    assert (after["verdict"], after["summary"]["no_baseline"]) == ("no_baseline", 1)


def test_it_is_audited_and_told_as_the_end_of_the_run(story: Story, site: Site, scene: Scene) -> None:
    task, _, run = shifted(story, site)
    draft = WebhookDraft(
        project_id=story.project["id"], endpoint_url="https://hooks.invalid", event_types=[EventType.RUN_FINISHED]
    )
    hook = scene.services.webhooks.create(draft, SYSTEM)
    policy(story, task, shift="ignore", max_shift_rows=100)
    again(story, run)
    (told,) = scene.store.deliveries.newest(hook.id, SliceRequest()).items
    assert '"verdict":"unchanged"' in scene.store.deliveries.get(told.id).payload
    entry = scene.store.records.audit(SliceRequest(limit=1)).items[0]
    assert (entry.action, entry.targets[0]) == ("run.compared_again", f"run:{run['id']}")


def test_an_active_run_and_a_recording_are_refused(story: Story, site: Site) -> None:
    batch = story.batch()
    recorded = story.record(batch)
    site.delays["/"] = 2
    active = story.run(batch)
    for run, word in ((recorded, "baseline_recording"), (active, "active")):
        response = story.client.post(f"/api/runs/{run['id']}/compare", json={})
        assert (response.status_code, response.json()["code"]) == (409, "conflict")
        assert word in response.json()["detail"]
    assert story.client.post("/api/runs/nothing/compare", json={}).status_code == 404
    story.wait(active)


def test_a_picture_that_is_gone_is_named_and_nothing_is_changed(story: Story, site: Site, scene: Scene) -> None:
    task, _, run = shifted(story, site)
    policy(story, task, shift="ignore", max_shift_rows=100)
    digest = shot(story, run)["picture"]["sha256"]
    (scene.settings.data_dir / "artifacts" / key_of(digest)).unlink()
    response = story.client.post(f"/api/runs/{run['id']}/compare", json={})
    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    assert f"is no longer stored ({digest[:12]}): nothing was compared again." in response.json()["detail"]
    assert len(shot(story, run)["comparisons"]) == 1
    assert story.get(f"/api/runs/{run['id']}") == run


def test_what_was_stopped_in_its_middle_is_completed_by_doing_it_again(
    story: Story, site: Site, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/"] = page()
    tasks = [story.task(), story.task()]
    batch = story.batch(*tasks)
    story.record(batch)
    site.pages["/"] = page(BANNER)
    run = story.compare(batch)
    for task in tasks:
        policy(story, task, shift="ignore", max_shift_rows=100)
    whole, seen = scene.store.executions.judge_again, list[str]()

    def only_the_first(execution_id: str, judged: Any) -> bool:
        seen.append(execution_id)
        if len(seen) > 1:
            raise StorageError("The database does not answer.")
        return whole(execution_id, judged)

    with monkeypatch.context() as patch:
        patch.setattr(scene.store.executions, "judge_again", only_the_first)
        assert story.client.post(f"/api/runs/{run['id']}/compare", json={}).status_code == 503
    halfway = story.get(f"/api/runs/{run['id']}")
    assert (halfway["verdict"], halfway["summary"]["changed"], halfway["summary"]["unchanged"]) == ("changed", 1, 1)
    assert again(story, run)["passed"] is True


def test_the_page_of_a_comparison_offers_it_and_shows_what_was_found_before(story: Story, site: Site) -> None:
    task, _, run = shifted(story, site)
    assert f'hx-post="/runs/{run["id"]}/compare"' in story.client.get(f"/runs/{run['id']}").text
    policy(story, task, shift="ignore", max_shift_rows=100)
    answer = story.client.post(f"/runs/{run['id']}/compare", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<section id="run"')
    assert "0 changed, 1 unchanged" in answer.headers["HX-Trigger"]
    assert "is ignored" in answer.text
    (execution,) = story.executions(run)
    assert "1 earlier comparison</summary>" in story.client.get(execution["url"]).text
