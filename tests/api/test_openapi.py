"""The OpenAPI document is true: it describes every path, and no input makes an answer that it does not describe."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from scene.api.gate import SAFE_METHODS
from scene.bootstrap import Scene
from scene.domain.access import Scope
from tests.support.openapi import CHECKS, bearer, meant, openapi_of, program
from tests.support.things import things

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


@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_input_breaks_it(scene: Scene, mode: GenerationMode) -> None:
    # All at first: what is fuzzed starts runs that nobody carries out, and these stand in the way of others.
    operations = [(result.ok(), things(scene)) for result in openapi_of(scene).get_all_operations()]
    assert sum(fuzz(operation, mode, known, EXAMPLES[mode]) for operation, known in operations) > 15


def test_no_input_of_who_may_write_breaks_it(scene: Scene) -> None:
    """Fewer than of anybody above, since they meet the same code; but by a real token, on a Scene that is closed."""
    operations = [(result.ok(), things(scene)) for result in openapi_of(scene).get_all_operations()]
    answered = Counter[int]()
    headers = program(scene, Scope.WRITE)
    for operation, known in operations:
        fuzz(operation, GenerationMode.POSITIVE, known, 3, headers, answered)
    assert answered[401] == 0
    assert sum(number for status, number in answered.items() if status < 300) > 60
    assert answered[403] > 0, "people are an administrator's"


@pytest.mark.parametrize("shown", ["nothing", "a token that is none", "a token that reads"])
def test_who_may_not_is_answered_as_described(scene: Scene, shown: str) -> None:
    """Every operation, with whatever fits it: nothing but the refusal that the document describes."""
    operations = [result.ok() for result in openapi_of(scene).get_all_operations()]
    reads = program(scene, Scope.READ)
    headers = {"nothing": {}, "a token that is none": bearer("scene_guessed"), "a token that reads": reads}[shown]
    refused = 0
    for operation in operations:
        # Nobody needs to be known for the one, and for the other a person in a browser.
        if operation.path == "/health" or (shown == "a token that reads" and operation.method.upper() in SAFE_METHODS):
            continue
        refused += refusal(operation, headers) in (401, 403)
    assert refused > 40


def refusal(operation: schemathesis.APIOperation, headers: dict[str, str]) -> int:
    statuses: list[int] = []

    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    @settings(max_examples=1, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    def request(case: schemathesis.Case) -> None:
        answer = case.call_and_validate(checks=CHECKS, headers=headers)
        statuses.append(answer.status_code)
        assert answer.status_code in (401, 403), operation.label
        assert answer.json()["code"] in ("unauthenticated", "refused")

    request()
    return statuses[0]


def fuzz(
    operation: schemathesis.APIOperation,
    mode: GenerationMode,
    known: dict[str, str],
    examples: int,
    headers: dict[str, str] | None = None,
    answered: Counter[int] | None = None,
) -> bool:
    """Half of the requests are for things that there are. False: without parameters nothing can be called wrongly."""
    in_body = {name: value for name, value in known.items() if name != "name"}

    @given(case=operation.as_strategy(generation_mode=mode), there=strategies.booleans())
    @settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def request(case: schemathesis.Case, there: bool) -> None:
        if there:
            case.path_parameters = meant(case.path_parameters, known)
            case.query, case.body = meant(case.query, in_body), meant(case.body, in_body)
            case.headers.pop("If-Match", None)
        answer = case.call_and_validate(checks=CHECKS, headers=headers)
        if answered is not None:
            answered[answer.status_code] += 1

    try:
        request()
    except Unsatisfiable:
        return False
    return True
