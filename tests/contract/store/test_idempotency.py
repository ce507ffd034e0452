"""The same request, however often it is sent, makes one run."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scene.domain.catalog import Batch
from scene.domain.filters import EVERY_RUN
from scene.domain.runs import RunDraft, RunPlan
from scene.domain.status import Purpose
from scene.errors import IdempotencyConflict
from scene.store.values import CreatedRun, IdempotencyKey, SliceRequest
from tests.contract.store.test_races import at_once
from tests.contract.store.world import ANN, World


def create(world: World, batch: Batch, key: IdempotencyKey) -> CreatedRun:
    draft = RunDraft(batch_id=batch.id, purpose=Purpose.COMPARISON)
    return world.store.runs.create(draft, RunPlan(world.plans(batch)), ANN, key)


def test_the_same_request_gives_the_same_run(world: World) -> None:
    batch, key = world.batch(), IdempotencyKey("build-7", "digest")
    run, admitted, is_new = create(world, batch, key)
    assert (run.idempotency_key, len(admitted), is_new) == ("build-7", 1, True)
    assert create(world, batch, key) == (run, [], False)
    assert world.store.runs.made_with(key) == run


def test_another_request_with_the_same_key_is_refused(world: World) -> None:
    batch = world.batch()
    run = create(world, batch, IdempotencyKey("build-7", "digest")).run
    other = IdempotencyKey("build-7", "other digest")
    with pytest.raises(IdempotencyConflict, match=run.id):
        create(world, batch, other)
    with pytest.raises(IdempotencyConflict, match="build-7"):
        world.store.runs.made_with(other)


def test_a_key_that_was_never_used_made_nothing(world: World) -> None:
    world.run(world.batch())
    assert world.store.runs.made_with(IdempotencyKey("build-7", "digest")) is None


@settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(requests=st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"])), min_size=2, max_size=8))
def test_requests_at_once_make_one_run_for_each_key(
    make_world: Callable[[], World], requests: list[tuple[str, str]]
) -> None:
    world = make_world()
    batch = world.batch()
    keys = [IdempotencyKey(*request) for request in requests]
    results = at_once([lambda key=key: create(world, batch, key) for key in keys])
    for name in {key.key for key in keys}:
        of_key = [result for result, key in zip(results, keys, strict=True) if key.key == name]
        made = [result for result in of_key if isinstance(result, CreatedRun)]
        assert len({result.run.id for result in made}) == 1
        assert sum(result.is_new for result in made) == 1
        assert all(isinstance(result, CreatedRun | IdempotencyConflict) for result in of_key)
    assert len(world.store.runs.newest(EVERY_RUN, SliceRequest()).items) == len({key.key for key in keys})
