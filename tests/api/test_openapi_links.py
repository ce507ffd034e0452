"""Links of the OpenAPI document are followed by who may write: from what was made to what can be done with it."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, settings
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation.stateful.state_machine import StepInput, StepOutput
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Connection

from scene.bootstrap import Scene
from scene.domain.access import Scope
from scene.server import create_app
from tests.conftest import MakeScene
from tests.support.openapi import CHECKS, meant, program, served
from tests.support.things import things

FIXED = settings(
    max_examples=80,
    stateful_step_count=20,
    phases=[Phase.generate],
    derandomize=True,  # the same seed always
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Anew:
    """ASGI: a Scene that begins each scenario with the same things, whatever was done to it in the one before."""

    def __init__(self, begin: Path, scratch: Path) -> None:
        """begin: a closed Scene's data folder."""
        self._begin = begin
        self._scratch = scratch
        self._scene: Scene | None = None
        self._app: ASGIApp
        self.begin()

    async def __call__(self, connection: Connection, receive: Receive, send: Send) -> None:
        await self._app(connection, receive, send)

    def begin(self) -> None:
        self.close()
        shutil.rmtree(self._scratch, ignore_errors=True)
        shutil.copytree(self._begin, self._scratch)
        self._scene = Scene(served(self._scratch))
        self._app = create_app(self._scene.services, self._scene.settings)

    def close(self) -> None:
        if self._scene is not None:
            self._scene.close()


class Writer(NamedTuple):
    """A closed Scene with one thing of every kind, and what a program sends that may write there."""

    data_dir: Path
    known: dict[str, str]
    headers: dict[str, str]


@pytest.fixture
def writer(make_scene: MakeScene) -> Writer:
    scene = make_scene()
    known = things(scene) | {"target": "full"}
    writer = Writer(scene.settings.data_dir, known, program(scene, Scope.WRITE))
    scene.close()
    return writer


@pytest.fixture
def anew(writer: Writer, tmp_path: Path) -> Iterator[Anew]:
    anew = Anew(writer.data_dir, tmp_path / "scenario")
    yield anew
    anew.close()


def test_links_are_followed_and_every_answer_is_described(anew: Anew, writer: Writer) -> None:
    headers = writer.headers
    whole: Any = schemathesis.openapi.from_asgi("/openapi.json", anew, headers=headers)
    schema = whole.exclude(path_regex="/users|/tokens")  # which no token may change: seen to be refused elsewhere
    schema.config.phases.stateful.inference.algorithms = []  # the document's own links, and no guesses
    followed, answered = Counter[str](), Counter[int]()

    class Machine(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            anew.begin()
            self.made = 0

        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, object]:
            return {"headers": headers}

        def step(self, input: StepInput) -> StepOutput:  # noqa: A002 - named by the base class
            self.made += 1
            if self.made % 3:  # else whatever fits the schema, which is seldom what can be made
                sensible(input)
            output: StepOutput = super().step(input)
            status = output.response.status_code
            answered[status] += 1
            if input.transition is not None and input.is_applied and status < 300:
                followed[input.transition.id] += 1
            return output

        def validate_response(self, response: Response, case: schemathesis.Case, **_: object) -> None:
            case.validate_response(response, checks=CHECKS, headers=headers)

    Machine.run(settings=FIXED)
    print(f"\n{sum(followed.values())} steps over {len(followed)} links")
    assert sum(followed.values()) > 100
    assert len(followed) > 30
    assert {"POST", "PATCH", "DELETE", "GET"} <= {link.rpartition(" -> ")[2].split(" ")[0] for link in followed}
    assert answered[401] == 0


def test_every_link_leads_where_it_says(anew: Anew, writer: Writer) -> None:
    """Each by itself: what makes or lists a thing, then the operation on that thing, with the example of its body."""
    client = TestClient(anew, base_url="http://testserver", headers=writer.headers)
    operations = operations_of(client.get("/openapi.json").json())
    led = Counter[int]()
    refused, lost = set(), []
    for source in operations.values():
        for link in source.links:
            anew.begin()
            made = source.ask(client, writer.known, {})
            if made.status_code == 403:
                refused.add(source.path)
                break
            assert made.is_success, (source, made.text)
            answer, target = made.json(), operations[link["operationId"]]
            if answer.get("items") != []:
                ids = {name: resolved(answer, where) for name, where in link["parameters"].items()}
                response = target.ask(client, writer.known | ids, resolved(answer, link.get("requestBody", {})))
                led[response.status_code] += 1
                if response.status_code == 404:
                    lost.append((source.path, target.method, target.path))
    assert lost == [("/api/baselines", "GET", "/api/baselines/{baseline_id}/export")], (
        "its pictures are not stored here"
    )
    assert refused == {"/api/tokens", "/api/users"}, "those are a person's"
    assert set(led) == {200, 201, 202, 204, 404, 409, 422}
    assert led[200] + led[201] + led[202] + led[204] > 100


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    described: dict[str, Any]

    @property
    def links(self) -> list[dict[str, Any]]:
        return [link for answer in self.described["responses"].values() for link in answer.get("links", {}).values()]

    def ask(self, client: TestClient, ids: dict[str, str], linked: dict[str, Any]) -> httpx.Response:
        """With the example of the document as its body, and ids where it names things."""
        content = self.described.get("requestBody", {}).get("content", {}).get("application/json", {})
        examples = content.get("schema", {}).get("examples", [{}])
        body = {"json": {**meant(examples[0], ids), **linked}} if content else {}
        return client.request(self.method, self.path.format(**ids), **body)


def operations_of(document: dict[str, Any]) -> dict[str, Operation]:
    return {
        described["operationId"]: Operation(method.upper(), path, described)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    }


def resolved(answer: Any, where: Any) -> Any:
    """What a runtime expression of a link means, or those within a body."""
    if isinstance(where, dict):
        return {name: resolved(answer, inner) for name, inner in where.items()}
    if isinstance(where, list):
        return [resolved(answer, inner) for inner in where]
    for part in where.removeprefix("$response.body#/").split("/"):
        answer = answer[int(part) if part.isdigit() else part]
    return answer


def sensible(step: StepInput) -> None:
    """Give it the example of the document as its body, with what the link says of it."""
    operation = step.case.operation.definition.raw
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = content.get("schema", {}).get("examples")
    if examples:
        extracted = step.transition.request_body if step.transition else None
        linked = extracted.value.ok() if extracted is not None and isinstance(extracted.value, Ok) else {}
        step.case.body = examples[0] | linked
