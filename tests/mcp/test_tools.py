"""An agent with the official SDK's client, a Scene at work, and real pictures."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio
import httpx2
import pytest
from fastapi.testclient import TestClient
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from scene.bootstrap import Scene
from scene.client import SceneClient
from scene.domain.access import Scope, TokenDraft
from scene.domain.catalog import Batch, BatchDraft, BatchTask, PageDraft, ProjectDraft, TaskDraft
from scene.domain.filters import AuditFilter
from scene.domain.records import SYSTEM
from scene.domain.viewport import Viewport
from scene.listening import listen
from scene.mcp.server import create_server
from scene.server import web_server
from scene.store.values import SliceRequest
from tests.conftest import MakeScene
from tests.support.describe import Story
from tests.support.site import Site

T = TypeVar("T")
TOOLS = {
    "list_projects",
    "list_batches",
    "list_runs",
    "get_run",
    "start_run",
    "wait_for_run",
    "explain_run",
    "explain_execution",
    "review_run",
}


def run(ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """In a thread of its own: that of the tests may have Playwright's event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, ask).result()


class Agent:
    def __init__(self, scene: SceneClient) -> None:
        self._server = create_server(scene)

    def call(self, tool: str, **arguments: Any) -> CallToolResult:
        async def ask() -> CallToolResult:
            async with Client(self._server) as client:
                return await client.call_tool(tool, arguments)

        return run(ask)

    def ask(self, tool: str, **arguments: Any) -> Any:
        """What the tool answers, where it is no error."""
        answer = self.call(tool, **arguments)
        assert not answer.is_error, answer.content
        told = answer.structured_content
        return told["result"] if told and set(told) == {"result"} else told

    def refusal(self, tool: str, **arguments: Any) -> str:
        answer = self.call(tool, **arguments)
        assert answer.is_error
        [content] = answer.content
        assert isinstance(content, TextContent)
        return content.text


@pytest.fixture
def agent(client: TestClient) -> Iterator[Agent]:
    def pass_on(request: httpx2.Request) -> httpx2.Response:
        url = str(request.url.copy_with(scheme="http", host="127.0.0.1", port=8000))
        headers = {"content-type": request.headers.get("content-type", "")}
        answer = client.request(request.method, url, content=request.content, headers=headers)
        return httpx2.Response(answer.status_code, content=answer.content, headers={"content-type": "application/json"})

    with SceneClient("https://scene.example", httpx2.MockTransport(pass_on)) as scene:
        yield Agent(scene)


def test_every_tool_says_what_it_does(agent: Agent) -> None:
    async def ask() -> Any:
        async with Client(create_server(SceneClient("http://scene.test"))) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in run(ask)}
    assert set(tools) == TOOLS
    assert all(tool.description for tool in tools.values())
    changing = {name for name, tool in tools.items() if not tool.annotations.read_only_hint}
    assert changing == {"start_run", "review_run"}


@pytest.mark.live
def test_from_a_project_to_what_changed_and_where(agent: Agent, story: Story, site: Site) -> None:
    site.pages["/"] = "<!doctype html><body style='margin:0'><h1>Before</h1>"
    batch = story.batch(name="Smoke")
    story.record(batch)
    site.pages["/"] = "<!doctype html><body style='margin:0'><h1>Quite another heading</h1>"
    slug = story.project["slug"]
    assert slug in [each["slug"] for each in agent.ask("list_projects")]
    assert [each["name"] for each in agent.ask("list_batches", project=slug)] == ["Smoke"]
    started = agent.ask("start_run", batch=f"{slug}/Smoke", note="Asked for by an agent.")
    ended = agent.ask("wait_for_run", run_id=started["id"], timeout_seconds=60)
    assert (ended["ended"], ended["verdict"], ended["passed"]) == (True, "changed", False)
    [execution] = agent.ask("explain_run", run_id=ended["id"])["executions"]
    [picture] = execution["pictures"]
    assert picture["verdict"] == "changed"
    assert "region" in picture["sentence"]
    assert picture["regions"][0]["width"] > 0
    for kind in ("observed_url", "baseline_url", "diff_url", "heatmap_url"):
        assert picture[kind].startswith("https://scene.example/artifacts/"), kind
    assert agent.ask("explain_execution", execution_id=execution["id"]) == execution
    scope = {"scope": "change", "change_fingerprint": picture["change_fingerprint"]}
    reviewed = agent.ask("review_run", run_id=ended["id"], decision="approved", comment="The new heading.", **scope)
    assert (reviewed["decision"], reviewed["decided"]) == ("approved", 1)
    newest = agent.ask("list_runs", batch=f"{slug}/Smoke", status="finished", limit=1)
    assert [each["id"] for each in newest] == [ended["id"]]


@pytest.mark.live
def test_what_scene_refuses_is_said(agent: Agent, story: Story) -> None:
    assert "no run 'r1'" in agent.refusal("get_run", run_id="r1")
    assert "no project with the slug" in agent.refusal("list_batches", project="none")
    assert "no batch" in agent.refusal("start_run", batch=f"{story.project['slug']}/none")
    batch = story.batch()
    review = {"run_id": "r1", "decision": "approved", "comment": "Meant."}
    assert "needs execution_id" in agent.refusal("review_run", **review, scope="execution")
    assert "no run 'r1'" in agent.refusal("review_run", **review, scope="run")
    assert "base_url" in agent.refusal("start_run", batch=batch["id"], base_url="ftp://x")


def test_a_wait_that_is_over_says_that_the_run_goes_on(agent: Agent, story: Story) -> None:
    """This Scene does not execute anything."""
    started = agent.ask("start_run", batch=story.batch()["id"], purpose="baseline_recording")
    waited = agent.ask("wait_for_run", run_id=started["id"], timeout_seconds=1)
    assert (waited["ended"], waited["executions"]["queued"]) == (False, 1)


def test_an_agent_may_do_what_the_scope_of_its_token_covers(make_scene: MakeScene) -> None:
    """The command itself, a server that listens, and tokens that an operator made."""
    with served(make_scene()) as (scene, url):
        tokens = {
            scope: scene.services.tokens.create(TokenDraft(name=scope, scope=scope), None, SYSTEM).secret
            for scope in (Scope.READ, Scope.WRITE)
        }
        batch = make_batch(scene)
        asked = {"batch": batch.id, "purpose": "baseline_recording"}
        assert "Sign in, or send a token" in by_command(url, "", "list_projects")
        assert "unknown, revoked or expired" in by_command(url, "scene_guessed", "list_projects")
        assert "Shop" in by_command(url, tokens[Scope.READ], "list_projects")
        assert "that needs the scope `write`" in by_command(url, tokens[Scope.READ], "start_run", **asked)
        started = json.loads(by_command(url, tokens[Scope.WRITE], "start_run", **asked))
        assert scene.services.runs.get(started["id"]).requested_by == "write"
        for entry in scene.services.audit.newest(AuditFilter(action="access.refused"), SliceRequest()).items:
            assert entry.actor.id == "read"


def by_command(url: str, token: str, tool: str, **arguments: Any) -> str:
    """What `scene mcp` answers with this token, an error too."""

    async def ask() -> str:
        environment = {"SCENE_TOKEN": token, "PATH": os.environ["PATH"]}
        words = ["-m", "scene", "mcp", "--server", url]
        async with Client(StdioServerParameters(command=sys.executable, args=words, env=environment)) as client:
            [content, *_] = (await client.call_tool(tool, arguments)).content
            assert isinstance(content, TextContent)
            return content.text

    return run(ask)


@contextmanager
def served(scene: Scene) -> Iterator[tuple[Scene, str]]:
    with listen(scene.settings.model_copy(update={"port": 0}), traces=False) as listeners:
        server = web_server(scene.services, scene.settings, listeners)
        thread = threading.Thread(target=server.run, kwargs={"sockets": listeners.sockets})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield scene, listeners.url
        server.should_exit = True
        thread.join()


def make_batch(scene: Scene) -> Batch:
    project = scene.services.projects.create(ProjectDraft(name="Shop", slug="shop"), SYSTEM)
    page = scene.services.pages.create(project.id, PageDraft(name="Home", url="https://shop.example/"), SYSTEM)
    viewports = [Viewport(width=640, height=480)]
    task = scene.services.tasks.create(project.id, TaskDraft(page_id=page.id, name="Look", viewports=viewports), SYSTEM)
    draft = BatchDraft(name="All", tasks=[BatchTask(task_id=task.id)])
    return scene.services.batches.create(project.id, draft, SYSTEM)


def test_a_server_that_is_away_is_said() -> None:
    def nobody(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    with SceneClient("http://scene.test", httpx2.MockTransport(nobody)) as scene:
        assert "No server can be reached" in Agent(scene).refusal("list_projects")


def test_the_command_speaks_on_standard_input_and_output() -> None:
    async def ask() -> set[str]:
        program = StdioServerParameters(
            command=sys.executable, args=["-m", "scene", "mcp", "--server", "http://127.0.0.1:9"]
        )
        async with Client(program) as client:
            return {tool.name for tool in (await client.list_tools()).tools}

    assert run(ask) == TOOLS
