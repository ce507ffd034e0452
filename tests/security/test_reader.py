"""Who may only read is shown nothing that would be refused: every page of the interface is walked, every form tried."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.access import Scope, TokenDraft, User, UserDraft
from scene.domain.reviews import Decision, ReviewDraft
from scene.domain.webhooks import Rotation
from tests.contract.store.world import Clock, World
from tests.security.conftest import OPERATOR, ORIGIN, PASSWORD, MakeClient
from tests.support.things import things


class Controls(HTMLParser):
    """What of a page can be followed, and what can be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.sent: set[str] = set()
        self._disabled: list[bool] = []
        """Of each field set that is open: nothing in a disabled one can be pressed or changed."""

    def handle_endtag(self, tag: str) -> None:
        if tag == "fieldset":
            self._disabled.pop()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "fieldset":
            self._disabled.append("disabled" in given)
        self.links |= {given[name] for name in ("href", "hx-get") if name in given and tag != "link"}
        if any(self._disabled) and not {"load", "revealed", "every"} & set(given.get("hx-trigger", "").split()):
            return
        self.sent |= {given[f"hx-{verb}"] for verb in ("post", "put", "patch", "delete") if f"hx-{verb}" in given}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.sent.add(given.get("action") or given.get("hx-post", ""))


@pytest.fixture
def rita(scene: Scene, ann: User) -> User:
    user = scene.services.users.add(UserDraft(name="rita", role=Scope.READ), PASSWORD, OPERATOR)
    scene.services.tokens.create(TokenDraft(name="of rita"), user, OPERATOR)
    return user


@pytest.fixture
def reader(rita: User, make_client: MakeClient) -> TestClient:
    client = make_client(headers=ORIGIN)
    assert client.post("/sign-in", data={"name": "rita", "password": PASSWORD}).status_code == 303
    return client


def walk(client: TestClient) -> Iterator[tuple[str, int, Controls]]:
    """Every page and dialog that leads on from the first page, with what it has; pages before dialogs."""
    known = {"/"}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        answer = client.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
        controls = Controls()
        if answer.headers.get("content-type", "").startswith("text/html"):
            controls.feed(answer.text)
        yield path, answer.status_code, controls
        for link in controls.links:
            there = urldefrag(urljoin(f"http://127.0.0.1:8000{path}", link)).url
            address = urlsplit(there)
            local = f"{address.path}?{address.query}" if address.query else address.path
            if there.startswith("http://127.0.0.1:8000/") and local not in known:
                known.add(local)
                waiting.append(local)


@pytest.fixture
def history(scene: Scene) -> None:
    """Something of everything, also what only an active run, a failed one and a pinned baseline have."""
    known = things(scene)
    services = scene.services
    world = World(scene.store, Clock())
    batch = services.batches.get(known["batch"])
    pinned = {"use": "pinned", "baseline_id": known["baseline"]}
    services.batches.update(batch.id, {"baseline_policy": pinned}, None, OPERATOR)
    services.projects.update(known["project"], {"retention": {"runs": 1}}, None, OPERATOR)
    services.webhooks.rotate(known["webhook"], Rotation(), OPERATOR)
    services.reviews.decide(known["screenshot"], ReviewDraft(decision=Decision.APPROVED), OPERATOR)
    world.run(batch)
    world.project("empty", "Empty")


def test_no_control_of_any_page_would_be_refused(history: None, reader: TestClient) -> None:
    seen, sent = set[str](), dict[str, str]()
    refused: list[tuple[str, str, object]] = []
    for path, status, controls in walk(reader):
        seen.add(path.partition("?")[0].split("/")[1])
        sent |= dict.fromkeys(controls.sent, path)
        if status in (401, 403) or status >= 500:
            refused.append(("GET", path, status))
    assert {"projects", "runs", "executions", "baselines", "webhooks", "deliveries", "workers", "account"} <= seen
    in_order = sorted(sent, key=lambda each: each == "/sign-out")
    refused += [("POST", each, f"on {sent[each]}") for each in in_order if reader.post(each).status_code == 403]
    assert refused == []
    assert "/sign-out" in sent


def test_the_walk_finds_what_a_writer_may_change(history: None, browser_of_ann: TestClient) -> None:
    """Else the test above would say nothing."""
    found = {re.sub(r"[0-9a-f]{32}", "ID", each) for _, _, page in walk(browser_of_ann) for each in page.sent}
    assert {"/projects/ID/retention", "/runs/ID/stop", "/batches/ID/unpin", "/runs/ID/review/rejected"} <= found
    assert len(found) > 40
