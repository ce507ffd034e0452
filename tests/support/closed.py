"""A Scene at work that people sign in to, and programs with a token."""

from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.access import Scope, TokenDraft, UserDraft
from scene.domain.records import SYSTEM
from scene.server import create_app
from tests.conftest import only_once

PASSWORD = "correct horse battery"


def start_closed(scene: Scene) -> Scene:
    """With Ann, who administers it; it ends with the test."""
    scene.start()
    only_once(scene)
    scene.services.users.add(UserDraft(name="ann", role=Scope.ADMIN), PASSWORD, SYSTEM)
    return scene


def writer(scene: Scene) -> TestClient:
    """The program of somebody who may write."""
    token = scene.services.tokens.create(TokenDraft(name="ci", scope=Scope.WRITE), None, SYSTEM)
    headers = {"Authorization": f"Bearer {token.secret}"}
    return TestClient(create_app(scene.services, scene.settings), base_url="http://127.0.0.1:8000", headers=headers)
