"""In what a baseline differs from another one, over REST."""

from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from tests.contract.store.test_importing import brought, imported
from tests.contract.store.world import Clock, World


def test_all_of_it_is_counted_and_one_slice_given(scene: Scene, client: TestClient) -> None:
    world = World(scene.store, Clock())
    batch = world.batch(3)
    before = imported(world, batch, brought(world, batch, "a", 0), brought(world, batch, "b", 1))
    after = imported(world, batch, brought(world, batch, "A", 0), brought(world, batch, "c", 2))
    own = f"/api/baselines/{after.id}/comparison"
    first = client.get(own, params={"with": before.id, "limit": 1}).json()
    assert (first["before"]["id"], first["after"]["id"]) == (before.id, after.id)
    assert (first["numbers"], first["kept"]) == ({"replaced": 1, "added": 1}, 1)
    second = client.get(own, params={"with": before.id, "cursor": first["next_cursor"]}).json()
    assert [each["kind"] for each in first["items"] + second["items"]] == ["replaced", "added"]
    assert second["next_cursor"] is None
