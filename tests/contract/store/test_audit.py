"""The audit log: filtered, never changed, and a chain that shows it when somebody did."""

import hashlib
import json
import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from scene.domain.chain import Head
from scene.domain.filters import AuditFilter
from scene.domain.records import Actor
from scene.errors import AlreadyExists
from scene.services.audit import Audit
from scene.store.sql import SqlStore
from scene.store.values import SliceRequest
from tests.contract.store.world import ANN, World

BOB = Actor(type="token", id="bob")


@pytest.fixture
def engine(world: World) -> sa.Engine:
    """The database, past everything that Scene promises of it."""
    store = world.store
    assert isinstance(store, SqlStore)
    return store._database.engine


def without_triggers(engine: sa.Engine, statement: str) -> None:
    """What an attacker who owns the database does."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            for name in ("updated", "deleted", "replaced"):
                connection.exec_driver_sql(f"DROP TRIGGER audit_never_{name}")
        connection.exec_driver_sql(statement)


def story(world: World) -> Audit:
    """Six entries: of a project, its page, a change, a token's note with every kind of value, and the end of both."""
    project = world.project()
    page = world.page(project)
    data = {
        "n": 1.0,
        "small": 1e-7,
        "big": 1e22,
        "text": "gr\u00fcn \u2028 \ud83d\ude00",
        "list": [None, True, {"a": 0.1}],
        "nul": "a\x00b",
    }
    world.store.records.note(BOB, "access.refused", [], data)
    world.clock.pass_seconds(60)
    world.store.pages.delete(page.id, None, ANN)
    world.store.projects.delete(project.id, None, ANN)
    world.store.records.note(BOB, "access.refused", [f"project:{project.id}"], {})
    return Audit(world.store)


def test_every_entry_is_in_an_unbroken_chain(world: World) -> None:
    audit = story(world)
    entries = list(audit.in_order())
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6]
    verified = audit.verify()
    assert (verified.broken, verified.head) == (None, Head(6, entries[-1].sha256))


def test_what_it_holds_goes_and_the_entries_stay(world: World) -> None:
    actions = [entry.action for entry in story(world).in_order()]
    assert actions[:2] + actions[3:5] == ["project.created", "page.created", "page.deleted", "project.deleted"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor_id = 'nobody' WHERE seq = 3",
        "UPDATE audit SET seq = 9 WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 6",
        "DELETE FROM audit",
    ],
)
def test_the_database_refuses_every_change(world: World, engine: sa.Engine, statement: str) -> None:
    audit = story(world)
    with pytest.raises(sa.exc.DBAPIError, match="audit entries are never changed"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert audit.verify().broken is None


def test_the_database_refuses_to_replace_or_empty(world: World, engine: sa.Engine, engine_name: str) -> None:
    audit = story(world)
    replaced = "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 2"
    statement = replaced if engine_name == "sqlite" else "TRUNCATE audit"
    with pytest.raises(sa.exc.DBAPIError, match="audit entries are never changed"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert audit.verify().broken is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_id", "'nobody'"),
        ("actor_type", "'system'"),
        ("address", "NULL"),
        ("user_agent", "'x'"),
        ("action", "'run.created'"),
        ("targets", "'[]'"),
        ("data", "'{}'"),
        ("occurred_at", "'2020-01-01 00:00:00'"),
        ("id", "'x'"),
        ("sha256", "'x'"),
    ],
)
def test_whatever_of_an_entry_was_changed_is_found(world: World, engine: sa.Engine, column: str, value: str) -> None:
    audit = story(world)
    without_triggers(engine, f"UPDATE audit SET {column} = {value} WHERE seq = 2")
    broken = audit.verify().broken
    assert broken is not None
    assert (broken.seq, broken.why) == (2, "is not as it was written")


def test_an_entry_that_is_gone_is_named(world: World, engine: sa.Engine) -> None:
    audit = story(world)
    without_triggers(engine, "DELETE FROM audit WHERE seq = 4")
    verified = audit.verify()
    assert verified.broken is not None
    assert (verified.head.seq, verified.broken.seq, verified.broken.why) == (3, 4, "is missing")


def test_what_is_cut_off_at_the_end_is_found_by_who_kept_it(world: World, engine: sa.Engine) -> None:
    audit = story(world)
    kept = audit.verify().head
    without_triggers(engine, "DELETE FROM audit WHERE seq > 4")
    assert audit.verify().broken is None
    broken = audit.verify(kept).broken
    assert broken is not None
    assert (broken.seq, broken.why) == (5, "is missing")


def test_a_chain_made_anew_is_found_by_who_kept_its_end(world: World, engine: sa.Engine) -> None:
    audit = story(world)
    kept = audit.verify().head
    without_triggers(engine, "DELETE FROM audit")
    story_again = [world.store.records.note(BOB, "access.refused", [], {}) for _ in range(7)]
    assert len(story_again) == 7
    assert audit.verify().broken is None
    broken = audit.verify(kept).broken
    assert broken is not None
    assert (broken.seq, broken.why) == (kept.seq, "is not the one that was kept")
    assert audit.verify(audit.verify().head).broken is None


def test_writers_at_the_same_moment_keep_the_chain(make_url: Callable[[], str]) -> None:
    """As several servers on one database: two stores, eight threads."""
    url = make_url()
    stores = [SqlStore(url), SqlStore(url)]
    gate = threading.Barrier(8)

    def write(store: SqlStore) -> None:
        gate.wait()
        for _ in range(25):
            store.records.note(BOB, "access.refused", [], {})

    threads = [threading.Thread(target=write, args=(stores[number % 2],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verified = Audit(stores[0]).verify()
    for store in stores:
        store.close()
    assert (verified.broken, verified.head.seq) == (None, 200)


def test_a_change_that_fails_leaves_no_gap(world: World) -> None:
    world.project()
    with pytest.raises(AlreadyExists):
        world.project()
    world.project("other")
    audit = Audit(world.store)
    assert [entry.seq for entry in audit.in_order()] == [1, 2]
    assert audit.verify().broken is None


def test_it_is_narrowed_by_whom_what_and_when(world: World) -> None:
    audit = story(world)

    def found(**only: object) -> list[int]:
        listed = audit.newest(AuditFilter.model_validate(only), SliceRequest()).items
        assert [entry.seq for entry in listed] == sorted((entry.seq for entry in listed), reverse=True)
        exported = [entry.seq for entry in audit.in_order(AuditFilter.model_validate(only))]
        assert exported == sorted(entry.seq for entry in listed)
        return exported

    project = next(iter(audit.in_order())).targets[0]
    assert found(actor="bob") == [3, 6]
    assert found(action="project") == [1, 5]
    assert found(action="project.deleted") == [5]
    assert found(target=project) == [1, 5, 6]
    assert found(target=project[:-1]) == []
    assert found(occurred_after="2026-03-01T12:01:00Z") == [4, 5, 6]
    assert found(occurred_before="2026-03-01T12:01:00Z", actor="ann") == [1, 2]


def test_the_chain_can_be_checked_from_its_export_alone(world: World) -> None:
    """As docs/audit.md tells others to."""
    lines = [entry.model_dump_json() for entry in story(world).in_order()]
    previous = "0" * 64
    for line in lines:
        entry = json.loads(line, parse_float=lambda text: int(float(text)) if float(text).is_integer() else float(text))
        digest = entry.pop("sha256")
        entry["previous"] = previous
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = hashlib.sha256(text.encode()).hexdigest()
        assert previous == digest
