"""People, sessions, tokens and tries, on every engine."""

import threading
from datetime import timedelta

import pytest

from scene.domain.access import Scope, TokenDraft, User, UserChanges, UserDraft
from scene.errors import AlreadyExists, Conflict, VersionConflict
from scene.store.access import Identity
from scene.store.values import SliceRequest
from tests.contract.store.world import ANN, START, World

TOMORROW = START + timedelta(days=1)


def person(world: World, name: str = "jane", role: Scope = Scope.WRITE) -> User:
    return world.store.users.create(UserDraft(name=name, role=role), f"hash of {name}", None, ANN)


def test_a_person_is_found_by_name_and_only_once(world: World) -> None:
    assert not world.store.users.any_credentials()
    jane = person(world)
    known = world.store.users.named("jane")
    assert known is not None
    assert known == (jane, "hash of jane")
    assert world.store.users.any_credentials()
    with pytest.raises(AlreadyExists):
        person(world)


def test_an_identity_is_bound_to_a_person_who_has_no_other(world: World) -> None:
    google = Identity("https://issuer.example", "1")
    expected = world.store.users.create(UserDraft(name="bob"), None, None, ANN)
    assert world.store.users.identify(person(world).id, google, ANN) is None
    bob = world.store.users.identify(expected.id, google, ANN)
    assert bob is not None
    assert world.store.users.identified(google) == bob
    assert world.store.users.identify(expected.id, Identity("https://issuer.example", "2"), ANN) is None


def test_a_session_lasts_until_its_end(world: World) -> None:
    jane = person(world)
    session = world.store.sessions.open(jane.id, "d1", "password", TOMORROW, ANN)
    visit = world.store.sessions.with_digest("d1")
    assert visit is not None
    assert (visit.session, visit.user.name) == (session, "jane")
    world.clock.pass_seconds(86_400)
    assert world.store.sessions.with_digest("d1") is None
    assert world.store.sessions.purge() == 1


def test_that_it_was_seen_is_written_down_now_and_then(world: World) -> None:
    world.store.sessions.open(person(world).id, "d1", "password", TOMORROW, ANN)
    for passed, seen in ((60, 0), (300, 360), (60, 360)):
        world.clock.pass_seconds(passed)
        world.store.sessions.with_digest("d1")
        visit = world.store.sessions.with_digest("d1")
        assert visit is not None
        assert visit.session.last_seen_at == START + timedelta(seconds=seen)


def test_a_new_password_ends_every_other_session(world: World) -> None:
    jane = person(world)
    mine = world.store.sessions.open(jane.id, "d1", "password", TOMORROW, ANN)
    world.store.sessions.open(jane.id, "d2", "password", TOMORROW, ANN)
    world.store.users.set_password(jane.id, "another hash", ANN, keep_session=mine.id)
    assert [session.id for session in world.store.sessions.of(jane.id)] == [mine.id]


def test_who_may_not_come_in_has_no_session_and_no_token(world: World) -> None:
    jane = person(world)
    world.store.sessions.open(jane.id, "d1", "password", TOMORROW, ANN)
    world.store.tokens.create(TokenDraft(name="ci"), "t1", jane.id, ANN)
    world.store.users.replace(jane.id, UserChanges(role=Scope.WRITE, enabled=False), jane.version, ANN)
    assert world.store.sessions.with_digest("d1") is None
    assert world.store.tokens.with_digest("t1") is None


def test_somebody_who_saved_first_is_not_overwritten(world: World) -> None:
    jane = person(world)
    changes = UserChanges(role=Scope.READ, enabled=True)
    world.store.users.replace(jane.id, changes, jane.version, ANN)
    with pytest.raises(VersionConflict):
        world.store.users.replace(jane.id, changes, jane.version, ANN)


def test_the_last_two_administrators_cannot_dismiss_each_other_at_once(world: World) -> None:
    admins = [person(world, name, Scope.ADMIN) for name in ("ann", "bob")]
    gate = threading.Barrier(2)
    refused = []

    def dismiss(user: User) -> None:
        gate.wait()
        try:
            world.store.users.replace(user.id, UserChanges(role=Scope.READ, enabled=True), None, ANN)
        except Conflict as error:
            refused.append(error.message)

    threads = [threading.Thread(target=dismiss, args=(admin,)) for admin in admins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert "only administrator" in refused[0]


def test_a_token_is_good_until_it_expires_or_is_revoked(world: World) -> None:
    jane = person(world)
    short = world.store.tokens.create(TokenDraft(name="short", expires_at=TOMORROW), "t1", jane.id, ANN)
    long = world.store.tokens.create(TokenDraft(name="long"), "t2", None, ANN)
    assert [token.name for token in world.store.tokens.newest(None, SliceRequest()).items] == ["long", "short"]
    assert [token.name for token in world.store.tokens.newest(jane.id, SliceRequest()).items] == ["short"]
    world.clock.pass_seconds(86_400)
    assert world.store.tokens.with_digest("t1") is None
    bearer = world.store.tokens.with_digest("t2")
    assert bearer is not None
    assert (bearer.token.id, bearer.user) == (long.id, None)
    revoked = world.store.tokens.revoke(long.id, ANN)
    assert world.store.tokens.revoke(long.id, ANN) == revoked
    assert world.store.tokens.with_digest("t2") is None
    assert short.user_name == "jane"


def test_the_name_of_a_revoked_token_is_free_again(world: World) -> None:
    first = world.store.tokens.create(TokenDraft(name="ci"), "t1", None, ANN)
    with pytest.raises(AlreadyExists):
        world.store.tokens.create(TokenDraft(name="ci"), "t2", None, ANN)
    world.store.tokens.revoke(first.id, ANN)
    world.store.tokens.create(TokenDraft(name="ci"), "t2", None, ANN)


def test_tries_are_counted_in_windows(world: World) -> None:
    def take() -> float:
        return world.store.throttles.take({"name": 2, "address": 3}, 60)

    assert [take(), take()] == [0, 0]
    world.clock.pass_seconds(20)
    assert take() == 40
    world.store.throttles.forget("name")
    assert [take(), take()] == [0, 40]
    world.store.throttles.give_back(["address"])
    assert take() == 0
    world.clock.pass_seconds(60)
    assert take() == 0
    world.clock.pass_seconds(60)
    assert world.store.throttles.purge() == 2


def test_no_more_tries_than_allowed_at_the_same_moment(world: World) -> None:
    gate = threading.Barrier(8)
    waits = []

    def take() -> None:
        gate.wait()
        waits.append(world.store.throttles.take({"name": 3, "address": 5}, 60))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits)[:4] == [0, 0, 0, 60]
