"""A Scene that wants to know who is calling."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.access import Scope, TokenDraft, User, UserDraft
from scene.domain.records import Actor
from scene.server import create_app

PASSWORD = "correct horse battery"
OPERATOR = Actor(type="system", id="the test")
ORIGIN = {"Origin": "http://127.0.0.1:8000"}
"""What a browser says of a form on our own pages."""
MakeClient = Callable[..., TestClient]


@pytest.fixture
def ann(scene: Scene) -> User:
    """The first person, an administrator: with her everything is closed."""
    return scene.services.users.add(UserDraft(name="ann", role=Scope.ADMIN), PASSWORD, OPERATOR)


@pytest.fixture
def make_client(scene: Scene) -> Iterator[MakeClient]:
    """A browser or a program that has shown nothing yet."""
    with ExitStack() as stack:

        def make(
            *, token: str | None = None, peer: str = "192.0.2.7", headers: dict[str, str] | None = None, **settings: Any
        ) -> TestClient:
            app = create_app(scene.services, scene.settings.model_copy(update=settings))
            client = TestClient(
                app,
                base_url="http://127.0.0.1:8000",
                raise_server_exceptions=False,
                follow_redirects=False,
                client=(peer, 4711),
                headers=headers,
            )
            if token is not None:
                client.headers["Authorization"] = f"Bearer {token}"
            return stack.enter_context(client)

        yield make


@pytest.fixture
def stranger(ann: User, make_client: MakeClient) -> TestClient:
    return make_client()


@pytest.fixture
def browser_of_ann(ann: User, make_client: MakeClient) -> TestClient:
    client = make_client(headers=ORIGIN)
    answer = client.post("/sign-in", data={"name": "ann", "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


@pytest.fixture
def make_token(scene: Scene, ann: User) -> Callable[[str], str]:
    """The secret of a token of Ann's with this scope."""

    def make(scope: str) -> str:
        draft = TokenDraft.model_validate({"name": f"{scope} token", "scope": scope})
        return scene.services.tokens.create(draft, ann, OPERATOR).secret

    return make
