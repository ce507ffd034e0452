"""How far back the history of a batch counts."""

from scene.bootstrap import Scene
from scene.services.trends import Trends
from tests.contract.store.world import Clock, World


def test_a_large_batch_has_all_its_points_and_counts_its_newest_executions(scene: Scene) -> None:
    world = World(scene.store, Clock())
    batch = world.batch(cells=3)
    runs = []
    for _ in range(4):
        run, admitted = world.run(batch)
        world.carry_out(admitted)
        runs.append(run.id)
    for most, counted in ((2, 1), (6, 2), (8, 2), (100, 4)):
        trend = Trends(scene.store, most_executions=most).of_batch(batch.id)
        assert [run.id for run in trend.runs] == runs
        assert (trend.counted, trend.total.executions) == (counted, 3 * counted)


def test_a_batch_without_comparisons_has_no_points(scene: Scene) -> None:
    world = World(scene.store, Clock())
    trend = Trends(scene.store).of_batch(world.batch().id)
    assert (trend.runs, trend.tasks, trend.counted) == ([], [], 0)
