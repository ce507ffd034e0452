"""Decisions on what a run captured: one after the other, none lost."""

import pytest

from scene.domain.filters import ScreenshotFilter
from scene.domain.pictures import Screenshot
from scene.domain.records import Actor, EventType
from scene.domain.reviews import AlreadyDecided, Among, Decision, ReviewDraft, ReviewsDraft, Superseded
from scene.domain.runs import Run
from scene.errors import Conflict, Invalid, NotFound
from scene.store.values import SliceRequest
from tests.contract.store.world import ANN, World

BOB = Actor(type="user", id="bob")
APPROVE, REJECT, TAKE_BACK = (ReviewDraft(decision=decision) for decision in ("approved", "rejected", "pending"))


def changed(world: World, cells: int = 2, **draft: object) -> tuple[Run, list[Screenshot]]:
    """A comparison in which everything changed."""
    batch = world.batch(cells=cells)
    run, admitted = world.run(batch, baseline=world.record(batch), **draft)
    world.carry_out(admitted, 5)
    return run, shots(world, run)


def shots(world: World, run: Run) -> list[Screenshot]:
    found = world.store.screenshots.of_run(run.id, SliceRequest(limit=100), ScreenshotFilter()).items
    return list(reversed(found))


def test_what_changed_waits_for_a_decision(world: World) -> None:
    run, found = changed(world)
    assert [shot.review.decision for shot in found if shot.review] == [Decision.PENDING] * 2
    assert world.store.runs.get(run.id).reviews.pending == 2


def test_what_is_unchanged_asks_for_no_decision(world: World) -> None:
    batch = world.batch()
    run, admitted = world.run(batch, baseline=world.record(batch))
    world.carry_out(admitted)
    (shot,) = shots(world, run)
    assert shot.review is None
    with pytest.raises(Conflict, match="nothing to decide"):
        world.store.reviews.decide(shot.id, APPROVE, ANN)


def test_a_decision_says_who_when_and_what_was_seen(world: World) -> None:
    _, [shot, _] = changed(world)
    review = world.store.reviews.decide(shot.id, ReviewDraft(decision="rejected", comment="Too red"), ANN).review
    assert review is not None
    assert (review.decision, review.by, review.comment, review.version) == ("rejected", "ann", "Too red", 1)
    assert (review.at, review.comparison_id) == (world.clock.now, shot.comparisons[0].id)
    audit = world.store.records.audit(SliceRequest()).items[0]
    assert audit.action == "review.rejected"
    assert f"screenshot:{shot.id}" in audit.targets


def test_the_second_of_two_sees_what_the_first_decided(world: World) -> None:
    _, [shot, _] = changed(world)
    world.store.reviews.decide(shot.id, APPROVE, ANN)
    with pytest.raises(AlreadyDecided, match="ann approved it"):
        world.store.reviews.decide(shot.id, REJECT, BOB)
    again = world.store.reviews.decide(shot.id, ReviewDraft(decision="rejected", version=1), BOB)
    assert again.review is not None
    assert (again.review.decision, again.review.by) == ("rejected", "bob")
    assert [each.by for each in world.store.reviews.of(shot.id)] == ["bob", "ann"]


def test_a_decision_can_be_taken_back(world: World) -> None:
    run, [shot, _] = changed(world)
    world.store.reviews.decide(shot.id, APPROVE, ANN)
    back = world.store.reviews.decide(shot.id, ReviewDraft(decision="pending", version=1), ANN)
    assert back.review is not None
    assert (back.review.decision, back.review.version) == ("pending", 2)
    assert world.store.runs.get(run.id).reviews.pending == 2


def test_the_rest_leaves_alone_what_others_decided(world: World) -> None:
    run, [first, second] = changed(world)
    world.store.reviews.decide(first.id, REJECT, BOB)
    done = world.store.reviews.decide_many(run.id, ReviewsDraft(decision="approved"), ANN)
    assert done.screenshot_ids == [second.id]
    counts = world.store.runs.get(run.id).reviews
    assert (counts.pending, counts.approved, counts.rejected) == (0, 1, 1)


def test_many_are_narrowed_to_some(world: World) -> None:
    run, [first, _] = changed(world)
    among = Among(execution_id=first.execution_id)
    done = world.store.reviews.decide_many(run.id, ReviewsDraft(decision="approved", among=among), ANN)
    assert done.screenshot_ids == [first.id]


def test_what_was_decided_at_once_is_taken_back_at_once(world: World) -> None:
    run, [first, second] = changed(world)
    done = world.store.reviews.decide_many(run.id, ReviewsDraft(decision="approved"), ANN)
    world.store.reviews.decide(first.id, ReviewDraft(decision="rejected", version=1), BOB)
    back = world.store.reviews.take_back(run.id, done.group_id, ANN)
    assert back.screenshot_ids == [second.id], "what somebody else changed since stays"
    with pytest.raises(NotFound):
        world.store.reviews.take_back(run.id, "none", ANN)


def test_the_last_decision_is_told(world: World) -> None:
    webhook = world.webhook(EventType.RUN_REVIEWED)
    _, [first, second] = changed(world)
    world.store.reviews.decide(first.id, APPROVE, ANN)
    assert world.told(webhook) == []
    world.store.reviews.decide(second.id, APPROVE, ANN)
    assert world.told(webhook) == ["run.reviewed"]


def test_a_superseded_run_is_decided_on_only_when_that_is_said(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    labels = {"branch": "main", "commit": "1"}
    old, admitted = world.run(batch, baseline=baseline, labels=labels)
    world.carry_out(admitted, 5)
    world.run(batch, baseline=baseline, labels={"branch": "other"})
    (shot,) = shots(world, old)
    assert world.store.reviews.superseded_by(old.id) is None
    newer, _ = world.run(batch, baseline=baseline, labels=labels | {"commit": "2"})
    assert world.store.reviews.superseded_by(old.id) == newer
    with pytest.raises(Superseded, match=newer.id):
        world.store.reviews.decide(shot.id, APPROVE, ANN)
    world.store.reviews.decide(shot.id, APPROVE.model_copy(update={"allow_superseded": True}), ANN)


def test_an_active_run_and_a_recording_are_not_reviewed(world: World) -> None:
    batch = world.batch()
    run, _ = world.run(batch)
    with pytest.raises(Conflict, match="active"):
        world.store.reviews.decide_many(run.id, ReviewsDraft(decision="approved"), ANN)
    recorded = world.record(world.batch(name="other", project=world.project("two", "Two"))).run_id
    assert recorded is not None
    with pytest.raises(Conflict, match="comparison"):
        world.store.reviews.decide_many(recorded, ReviewsDraft(decision="approved"), ANN)


def test_of_named_ones_those_that_somebody_decided_before_are_told(world: World) -> None:
    run, [first, second] = changed(world)
    world.store.reviews.decide(first.id, REJECT, BOB)
    among = Among(screenshot_ids=[first.id, second.id])
    done = world.store.reviews.decide_many(run.id, ReviewsDraft(decision="approved", among=among), ANN)
    [skipped] = done.skipped
    assert (skipped.screenshot_id, skipped.reason, skipped.decision, skipped.by) == (
        first.id,
        "decided",
        "rejected",
        "bob",
    )
    assert done.screenshot_ids == [second.id]


def test_one_that_is_not_of_the_run_is_refused_by_name(world: World) -> None:
    run, [first, _] = changed(world)
    among = Among(screenshot_ids=[first.id, "none"])
    with pytest.raises(Invalid, match="'none': not of the run"):
        world.store.reviews.decide_many(run.id, ReviewsDraft(decision="approved", among=among), ANN)
    assert world.store.runs.get(run.id).reviews.approved == 0


def test_many_are_narrowed_to_a_viewport_and_a_target(world: World) -> None:
    run, [first, _] = changed(world)
    for narrower, ids in (({"viewport_key": "100x100@1"}, [first.id]), ({"target": "viewport"}, [])):
        draft = ReviewsDraft(decision="approved", among=Among.model_validate(narrower))
        assert world.store.reviews.decide_many(run.id, draft, ANN).screenshot_ids == ids
