"""The OpenAPI document as schemathesis reads it, and who asks."""

from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.transport.serialization import serialize_binary

from scene.bootstrap import Scene
from scene.domain.access import Scope, TokenDraft, UserDraft
from scene.domain.records import SYSTEM
from scene.server import create_app
from scene.settings import ServerSettings

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@schemathesis.serializer("application/zip")
def send_zip(_: schemathesis.SerializationContext, value: Any) -> bytes:
    return serialize_binary(value)


def openapi_of(scene: Scene) -> schemathesis.BaseSchema:
    app = create_app(scene.services, served(scene.settings.data_dir))
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def served(data_dir: Path) -> ServerSettings:
    """Of a Scene that answers to the name by which schemathesis asks."""
    return ServerSettings(data_dir=data_dir, slots=2, imaging_workers=1, allowed_hosts=["testserver"])


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def program(scene: Scene, scope: Scope) -> dict[str, str]:
    """What a program sends that has a token of an administrator with this scope. From now on Scene is closed."""
    ann = scene.services.users.add(UserDraft(name="ann", role=Scope.ADMIN), "correct horse battery", SYSTEM)
    draft = TokenDraft.model_validate({"name": f"may {scope}", "scope": scope})
    return bearer(scene.services.tokens.create(draft, ann, SYSTEM).secret)


def meant(given: Any, known: dict[str, str], called: str = "") -> Any:
    """What was generated, with things that there are instead of ids that nothing has."""
    if isinstance(given, dict):
        return {name: meant(value, known, name) for name, value in given.items()}
    if isinstance(given, list):
        return [meant(value, known, called) for value in given]
    return known.get(called, given) if isinstance(given, str) else given
