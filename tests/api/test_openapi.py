"""The OpenAPI document is true: it describes every path, and no input makes an answer that it does not describe."""

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from scene.bootstrap import Scene
from scene.server import create_app
from tests.support.describe import Story

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def test_every_operation_says_what_it_does_and_what_can_go_wrong(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len(operations) > 25
    for operation in operations:
        assert operation["summary"]
        assert "application/problem+json" in operation["responses"]["422"]["content"]


def test_every_creation_has_an_example_that_is_accepted(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        if "requestBody" in operations.get("post", {}):
            assert operations["post"]["requestBody"]["content"]["application/json"]["schema"].get("examples"), path
    example: dict[str, Any] = document["paths"]["/api/projects"]["post"]["requestBody"]["content"]["application/json"]
    assert client.post("/api/projects", json=example["schema"]["examples"][0]).status_code == 201


@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_input_breaks_it(scene: Scene, story: Story, mode: GenerationMode) -> None:
    story.run(story.batch())
    served = scene.settings.model_copy(update={"allowed_hosts": ["testserver"]})
    schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(scene.services, served))
    fuzzed = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        def fuzz(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS)

        with suppress(Unsatisfiable):  # an operation without parameters cannot be called wrongly
            fuzz()
            fuzzed += 1
    assert fuzzed > 15
