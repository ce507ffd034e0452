"""The page of workers: who is there, and whether the settings hold them back."""

from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.viewport import Browser
from scene.domain.workers import WorkerState


def join(scene: Scene, name: str, slots: int) -> None:
    browsers = (Browser.CHROMIUM,)
    state = WorkerState(name, name, "far", "process", slots, browsers, labels=(), draining=False)
    scene.store.workers.seen(state)


def test_without_a_worker_the_page_says_how_to_start_one(client: TestClient) -> None:
    shown = client.get("/workers").text
    assert "No worker is there" in shown
    assert "slots" not in shown


def test_slots_that_the_settings_leave_idle_are_told(client: TestClient, scene: Scene) -> None:
    join(scene, "blue", 2)
    assert "be busy at once" not in client.get("/workers").text
    join(scene, "green", 4)
    told = "The workers have 6 slots, and the setting concurrency lets 2 of them be busy at once"
    assert told in client.get("/workers").text
    client.patch("/api/settings", json={"concurrency": 6})
    assert "be busy at once" not in client.get("/workers").text


def test_what_each_worker_may_do_counts_not_what_it_could(client: TestClient, scene: Scene) -> None:
    join(scene, "blue", 8)
    client.patch("/api/settings", json={"worker_concurrency": 2})
    assert "be busy at once" not in client.get("/workers").text
