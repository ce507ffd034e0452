"""Retention by itself, beside those who write, and the sweep after it."""

import threading
import time
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from scene.beside import sweep_of
from scene.bootstrap import Scene
from scene.domain.promotion import PromotionDraft
from scene.domain.records import SYSTEM
from scene.domain.reviews import ReviewsDraft
from scene.server import create_app
from scene.store.values import SliceRequest
from tests.conftest import MakeScene
from tests.contract.store.world import ANN, Clock, World
from tests.services.test_sweep import age_everything
from tests.support.describe import Story
from tests.support.site import Site


@pytest.fixture
def world(scene: Scene) -> World:
    clock = Clock()
    clock.follow_the_machine()
    return World(scene.store, clock)


def limit(scene: Scene, project_id: str, **retention: int) -> None:
    scene.services.projects.update(project_id, {"retention": retention}, None, SYSTEM)


def test_a_round_lets_go_in_every_project_that_has_a_limit(scene: Scene, world: World) -> None:
    limited = world.batch(project=world.project("one", "One"))
    free = world.batch(project=world.project("two", "Two"))
    for batch in (limited, free):
        for _ in range(3):
            world.record(batch)
    limit(scene, limited.project_id, runs=1, baselines=1)
    scene.services.retention.apply_everywhere(lambda: False)
    left = {b.id: len(scene.store.baselines.newest(None, b.id, SliceRequest()).items) for b in (limited, free)}
    assert left == {limited.id: 1, free.id: 3}
    assert scene.store.records.audit(SliceRequest()).items[0].actor.id == "retention"


def test_a_round_that_is_told_to_stop_stops(scene: Scene, world: World) -> None:
    batch = world.batch()
    for _ in range(3):
        world.record(batch)
    limit(scene, batch.project_id, runs=1)
    asked: list[int] = []

    def stopping() -> bool:
        asked.append(1)
        return len(asked) > 1

    done = scene.services.retention.apply(batch.project_id, SYSTEM, stopping)
    assert done.runs == 1


def test_servers_do_it_from_time_to_time(make_scene: MakeScene) -> None:
    scene = make_scene(retention_interval_seconds=0.05)
    world = World(scene.store, Clock())
    batch = world.batch()
    for _ in range(2):
        world.record(batch)
    limit(scene, batch.project_id, baselines=1)
    scene.start()
    deadline = time.monotonic() + 30
    while len(scene.store.baselines.newest(None, batch.id, SliceRequest()).items) > 1:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_two_at_once_and_somebody_who_reviews_do_no_harm(scene: Scene, world: World) -> None:
    batch = world.batch(cells=2)
    baseline = world.record(batch)
    runs = []
    for number in range(6):
        run, admitted = world.run(batch, baseline=baseline, labels={"n": str(number)})
        world.carry_out(admitted, 5 + number)
        runs.append(run)
    limit(scene, batch.project_id, runs=1, baselines=1)
    broken: list[BaseException] = []

    def at_once(act: Callable[[], object]) -> threading.Thread:
        def guarded() -> None:
            try:
                act()
            except BaseException as error:  # noqa: BLE001
                broken.append(error)

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def review() -> None:
        for run in runs:
            scene.services.reviews.decide_many(run.id, ReviewsDraft(decision="approved", allow_superseded=True), ANN)
        scene.services.promotions.promote(runs[-1].id, PromotionDraft(), ANN, None)

    acts = [review] + [lambda: scene.services.retention.apply(batch.project_id, SYSTEM)] * 2
    for thread in [at_once(act) for act in acts]:
        thread.join()
    # A run that was decided on may be gone by then: that is told, and nothing else goes wrong.
    assert [error for error in broken if "There is no run" not in str(error)] == []
    newest = scene.store.baselines.latest(batch.id, "main")
    assert newest is not None
    for item in scene.store.baselines.items(newest.id, SliceRequest()).items:
        assert scene.store.artifacts.referenced([item.picture.image.sha256])


def test_the_sweep_then_removes_the_files_of_what_went_and_no_other(make_scene: MakeScene, site: Site) -> None:
    scene = make_scene()
    scene.start()
    with TestClient(create_app(scene.services, scene.settings), base_url="http://127.0.0.1:8000") as client:
        story = Story(client, site.url)
        batch = story.batch()
        for colour in ("red", "teal", "navy"):
            site.pages["/"] = f"<!doctype html><title>x</title><body style='background:{colour}'>{colour}"
            story.record(batch)
        baselines = story.get("/api/baselines", batch=batch["id"])["items"]
        shown = [story.get(f"/api/baselines/{each['id']}/items")["items"][0]["picture"]["image"] for each in baselines]
        limit(scene, story.project["id"], runs=1, baselines=1)
        client.post(f"/api/projects/{story.project['id']}/retention/apply")
        age_everything(scene)
        with sweep_of(scene.settings) as sweep:
            assert sweep.run().blobs.set_aside >= 4, "two pictures, each with its small version"
        assert [client.get(each["url"]).status_code for each in shown] == [200, 404, 404]
