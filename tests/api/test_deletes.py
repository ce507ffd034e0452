"""Delete runs and baselines over REST."""

from scene.bootstrap import Scene
from tests.api.test_baselines import pin, record
from tests.api.test_rerun import failed_run
from tests.support.describe import Story


def test_a_run_that_has_ended_is_deleted(scene: Scene, story: Story) -> None:
    url = f"/api/runs/{failed_run(scene, story)['id']}"
    assert story.client.delete(url).status_code == 204
    assert story.client.get(url).status_code == story.client.delete(url).status_code == 404


def test_a_run_that_is_active_is_not(story: Story) -> None:
    response = story.client.delete(f"/api/runs/{story.run(story.batch())['id']}")
    assert (response.status_code, response.json()["code"]) == (409, "in_use")


def test_a_baseline_that_nothing_uses_is_deleted(scene: Scene, story: Story) -> None:
    url = f"/api/baselines/{record(scene, story, story.batch())}"
    assert story.client.delete(url).status_code == 204
    assert story.client.get(url).status_code == story.client.delete(url).status_code == 404


def test_a_baseline_in_use_is_not_and_its_users_are_named(scene: Scene, story: Story) -> None:
    batch = story.batch(name="Nightly")
    baseline = record(scene, story, batch)
    run = story.run(batch)
    response = story.client.delete(f"/api/baselines/{baseline}")
    assert (response.status_code, response.json()["code"]) == (409, "in_use")
    assert run["id"] in response.json()["detail"]
    pin(story, batch, baseline)
    assert "'Nightly' pins" in story.client.delete(f"/api/baselines/{baseline}").json()["detail"]
