"""Whatever somebody does, and whatever is refused, is in the audit log; and it is told to administrators."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.access import Scope, TokenDraft, User, UserDraft
from scene.domain.filters import AuditFilter
from scene.domain.model import utc_now
from scene.domain.records import AuditEntry
from scene.store.values import SliceRequest
from tests.security.conftest import OPERATOR, ORIGIN, PASSWORD, MakeClient

NEXT_WEEK = (utc_now() + timedelta(days=7)).isoformat()


@pytest.fixture
def newest(scene: Scene) -> Callable[[], AuditEntry]:
    return lambda: scene.services.audit.newest(AuditFilter(), SliceRequest(limit=1)).items[0]


@pytest.fixture
def act(browser_of_ann: TestClient) -> Callable[..., Any]:
    """Something that Ann does over REST."""

    def send(method: str, path: str, **body: Any) -> Any:
        answer = browser_of_ann.request(method, f"/api{path}", **({"json": body} if body else {}))
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    return send


def changes(act: Callable[..., Any]) -> Iterator[str]:
    """Every kind of change that needs no browser, one after the other: the action that it is written as."""
    project = act("POST", "/projects", name="Shop", slug="shop")
    yield "project.created"
    within = f"/projects/{project['id']}"
    page = act("POST", f"{within}/pages", name="Home", url="http://127.0.0.1:1/")
    yield "page.created"
    task = act("POST", f"{within}/tasks", page_id=page["id"], name="Look", viewports=[{"width": 800, "height": 600}])
    yield "task.created"
    batch = act("POST", f"{within}/batches", name="All", tasks=[{"task_id": task["id"]}])
    yield "batch.created"
    schedule = act("POST", f"{within}/schedules", batch_id=batch["id"], name="Nightly", cron="0 3 * * *")
    yield "schedule.created"
    profile = act("POST", f"{within}/auth-profiles", name="Shopper", basic={"username": "a", "password": "b"})
    yield "auth_profile.created"
    quarantine = act(
        "POST", f"{within}/quarantines", task_id=task["id"], reason="shaky", owner="ann", expires_at=NEXT_WEEK
    )
    yield "quarantine.created"
    hook = act("POST", "/webhooks", endpoint_url="https://ci.example.org/", event_types=["run.finished"])
    yield "webhook.created"
    for path, noun, changed in (
        (within, "project", {"name": "The shop"}),
        (f"/pages/{page['id']}", "page", {"name": "Start"}),
        (f"/tasks/{task['id']}", "task", {"name": "See"}),
        (f"/batches/{batch['id']}", "batch", {"name": "Everything"}),
        (f"/schedules/{schedule['id']}", "schedule", {"cron": "0 4 * * *"}),
        (f"/auth-profiles/{profile['id']}", "auth_profile", {"name": "Guest"}),
        (f"/quarantines/{quarantine['id']}", "quarantine", {"reason": "very shaky"}),
        (f"/webhooks/{hook['id']}", "webhook", {"event_types": ["run.started"]}),
        ("/settings", "settings", {"attempts": 2}),
    ):
        act("PATCH", path, **changed)
        yield f"{noun}.updated"
    act("POST", f"/webhooks/{hook['id']}/secret", previous_valid_seconds=3600)
    yield "webhook.updated"
    act("DELETE", f"/webhooks/{hook['id']}/secret/previous")
    yield "webhook.updated"
    act("POST", f"/webhooks/{hook['id']}/test")
    yield "webhook.tested"
    run = act("POST", "/runs", batch_id=batch["id"], purpose="baseline_recording")
    yield "run.created"
    execution = act("GET", f"/runs/{run['id']}/executions")["items"][0]
    act("POST", f"/executions/{execution['id']}/stop", mode="hard")
    yield "execution.stopped"
    run = act("POST", "/runs", batch_id=batch["id"], purpose="baseline_recording")
    yield "run.created"
    act("POST", f"/runs/{run['id']}/stop", mode="hard")
    yield "run.stopped"
    act("DELETE", f"/runs/{run['id']}")
    yield "run.deleted"
    user = act("POST", "/users", name="bob", role="read", password="quite a long one")
    yield "user.created"
    act("PATCH", f"/users/{user['id']}", role="write")
    yield "user.updated"
    act("PATCH", f"/users/{user['id']}", password="another long one")
    yield "user.updated"
    token = act("POST", "/tokens", name="ci")
    yield "token.created"
    act("DELETE", f"/tokens/{token['id']}")
    yield "token.revoked"
    act("DELETE", f"/quarantines/{quarantine['id']}")
    yield "quarantine.lifted"
    for path, noun in (
        (f"/webhooks/{hook['id']}", "webhook"),
        (f"/schedules/{schedule['id']}", "schedule"),
        (f"/batches/{batch['id']}", "batch"),
        (f"/tasks/{task['id']}", "task"),
        (f"/pages/{page['id']}", "page"),
        (f"/auth-profiles/{profile['id']}", "auth_profile"),
        (within, "project"),
    ):
        act("DELETE", path)
        yield f"{noun}.deleted"


def test_every_change_is_written_with_who_and_where_from(
    scene: Scene, act: Callable[..., Any], newest: Callable[[], AuditEntry]
) -> None:
    seen = 0
    for action in changes(act):
        entry = newest()
        assert (entry.action, entry.actor.type, entry.actor.id) == (action, "user", "ann")
        assert (entry.actor.address, entry.actor.user_agent) == ("192.0.2.7", "testclient")
        assert entry.targets, action
        assert entry.seq > seen
        seen = entry.seq
    verified = scene.services.audit.verify()
    assert (verified.broken, verified.head.seq) == (None, seen)


def test_signing_in_and_out_is_written(browser_of_ann: TestClient, newest: Callable[[], AuditEntry]) -> None:
    assert (newest().action, newest().actor.id) == ("session.opened", "ann")
    browser_of_ann.post("/sign-out")
    assert (newest().action, newest().actor.id) == ("session.ended", "ann")
    browser_of_ann.post("/sign-in", data={"name": "ann", "password": "wrong"})
    assert (newest().action, newest().actor.type) == ("session.refused", "anonymous")


def test_a_token_that_is_none_is_written_without_it(stranger: TestClient, newest: Callable[[], AuditEntry]) -> None:
    stranger.get("/api/projects", headers={"Authorization": "Bearer scene_guessed"})
    assert (newest().action, newest().actor.address) == ("token.refused", "192.0.2.7")
    assert "guessed" not in newest().model_dump_json()


def test_what_a_scope_does_not_cover_is_written(
    make_client: MakeClient, make_token: Callable[[str], str], newest: Callable[[], AuditEntry]
) -> None:
    make_client(token=make_token("read")).post("/api/projects", json={"name": "Shop", "slug": "shop"})
    assert (newest().action, newest().actor.type, newest().data["path"]) == ("access.refused", "token", "/api/projects")


def test_what_another_site_asks_for_is_written(browser_of_ann: TestClient, newest: Callable[[], AuditEntry]) -> None:
    for origin, why in (("https://evil.example", "cross_site"), (None, "no_origin")):
        del browser_of_ann.headers["Origin"]
        headers = {"Origin": origin} if origin else {}
        assert browser_of_ann.post("/sign-out", headers=headers).status_code == 403
        assert (newest().action, newest().data["why"], newest().data["path"]) == ("access.refused", why, "/sign-out")
        browser_of_ann.headers.update(ORIGIN)


def test_a_person_whom_the_proxy_names_and_who_may_not_come_in_is_written(
    scene: Scene, make_client: MakeClient, newest: Callable[[], AuditEntry]
) -> None:
    scene.services.access.ways = type(scene.services.access.ways)(proxy=True, new_user_role=None)
    client = make_client(
        peer="127.0.0.1",
        headers={"X-Remote-User": "eve"},
        proxy_user_header="X-Remote-User",
        trusted_proxies=["127.0.0.1"],
    )
    scene.services.access._closed = True
    assert client.get("/api/projects").status_code == 403
    assert newest().action == "session.refused"
    assert "eve" in str(newest().data["why"])


def test_nobody_fills_it_from_outside(scene: Scene, stranger: TestClient) -> None:
    for _ in range(60):
        stranger.get("/api/projects", headers={"Authorization": "Bearer scene_guessed"})
    refusals = scene.services.audit.newest(AuditFilter(action="token.refused"), SliceRequest(limit=100)).items
    assert len(refusals) == 20


def test_it_is_listed_and_exported_to_a_token_of_an_administrator(
    act: Callable[..., Any], make_client: MakeClient, make_token: Callable[[str], str]
) -> None:
    project = act("POST", "/projects", name="Shop", slug="shop")
    reader = make_client(token=make_token("read"))
    query = {"actor": "ann", "action": "project", "target": f"project:{project['id']}", "after": "2020-01-01T00:00:00Z"}
    (listed,) = reader.get("/api/audit", params=query).json()["items"]
    assert (listed["action"], listed["targets"]) == ("project.created", [f"project:{project['id']}"])
    exported = reader.get("/api/audit/export")
    assert exported.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in exported.text.splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert listed in lines
    only = reader.get("/api/audit/export", params=query).text.splitlines()
    assert [json.loads(line) for line in only] == [listed]


@pytest.mark.parametrize("role", [Scope.READ, Scope.WRITE])
def test_it_is_nothing_for_others_and_their_tokens(
    scene: Scene, ann: User, make_client: MakeClient, newest: Callable[[], AuditEntry], role: Scope
) -> None:
    bob = scene.services.users.add(UserDraft(name="bob", role=role), PASSWORD, OPERATOR)
    for name, owner in (("of bob", bob), ("of nobody", None)):
        token = scene.services.tokens.create(TokenDraft(name=name, scope=role), owner, OPERATOR).secret
        program = make_client(token=token)
        for path in ("/api/audit", "/api/audit/export", "/audit"):
            assert program.get(path).status_code == 403, path
            assert (newest().action, newest().data["path"]) == ("access.refused", path)
        assert 'href="/audit"' not in program.get("/projects").text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("action=Run+created", "action"),
        ("target=everything", "target"),
        ("after=yesterday", "after"),
        ("who=ann", "who"),
    ],
)
def test_a_filter_that_is_none_is_named(browser_of_ann: TestClient, query: str, field: str) -> None:
    for path in ("/api/audit", "/api/audit/export"):
        answer = browser_of_ann.get(f"{path}?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
