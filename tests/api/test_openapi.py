"""The OpenAPI document is true: it describes every path, and no input makes an answer that it does not describe."""

from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.transport.serialization import serialize_binary

from scene.bootstrap import Scene
from scene.server import create_app
from tests.support.things import things


@schemathesis.serializer("application/zip")
def send_zip(_: schemathesis.SerializationContext, value: Any) -> bytes:
    return serialize_binary(value)


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

EXAMPLES = {GenerationMode.POSITIVE: 20, GenerationMode.NEGATIVE: 10}
"""Of each operation; what is wrong takes long to think of."""


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
        content = operations.get("post", {}).get("requestBody", {}).get("content", {})
        if content and "application/zip" not in content:
            assert operations["post"]["requestBody"]["content"]["application/json"]["schema"].get("examples"), path
    example: dict[str, Any] = document["paths"]["/api/projects"]["post"]["requestBody"]["content"]["application/json"]
    assert client.post("/api/projects", json=example["schema"]["examples"][0]).status_code == 201


def test_only_what_can_happen_is_described(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"409", "412"}.isdisjoint(paths["/api/runs/{run_id}"]["get"]["responses"])
    assert {"409", "412", "415"} <= paths["/api/pages/{page_id}"]["patch"]["responses"].keys()
    assert "404" not in paths["/version"]["get"]["responses"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Range": "bytes=0-3"}, 206),
        ({"Range": "bytes=99-"}, 416),
        ({"If-None-Match": "*"}, 304),
    ],
)
def test_every_answer_of_a_stored_file_is_described(scene: Scene, headers: dict[str, str], status: int) -> None:
    schema = openapi_of(scene)
    case = schema["/artifacts/{artifact_id}/{name}"]["GET"].Case(path_parameters=things(scene), headers=headers)
    assert case.call_and_validate(checks=CHECKS).status_code == status


def openapi_of(scene: Scene) -> schemathesis.BaseSchema:
    served = scene.settings.model_copy(update={"allowed_hosts": ["testserver"]})
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(scene.services, served))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_input_breaks_it(scene: Scene, mode: GenerationMode) -> None:
    # All at first: what is fuzzed starts runs that nobody carries out, and these stand in the way of others.
    operations = [(result.ok(), things(scene)) for result in openapi_of(scene).get_all_operations()]
    assert sum(fuzz(operation, mode, known) for operation, known in operations) > 15


def fuzz(operation: schemathesis.APIOperation, mode: GenerationMode, known: dict[str, str]) -> bool:
    """Half of the requests are for things that there are. False: without parameters nothing can be called wrongly."""
    in_body = {name: value for name, value in known.items() if name != "name"}

    @given(case=operation.as_strategy(generation_mode=mode), there=strategies.booleans())
    @settings(max_examples=EXAMPLES[mode], deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def request(case: schemathesis.Case, there: bool) -> None:
        if there:
            case.path_parameters = meant(case.path_parameters, known)
            case.query, case.body = meant(case.query, in_body), meant(case.body, in_body)
            case.headers.pop("If-Match", None)
        case.call_and_validate(checks=CHECKS)

    try:
        request()
    except Unsatisfiable:
        return False
    return True


def meant(given: Any, known: dict[str, str], called: str = "") -> Any:
    """What was generated, with things that there are instead of ids that nothing has."""
    if isinstance(given, dict):
        return {name: meant(value, known, name) for name, value in given.items()}
    if isinstance(given, list):
        return [meant(value, known, called) for value in given]
    return known.get(called, given) if isinstance(given, str) else given
