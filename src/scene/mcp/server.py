"""The tools that agents get: Scene's API in words that a model can use, with what a person would want to see."""

import time
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, TypeVar

import anyio
import anyio.to_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

import scene
from scene.client import SceneClient
from scene.client.answers import Run
from scene.domain.status import Purpose, Status
from scene.errors import SceneError
from scene.mcp.answers import (
    BatchInfo,
    ExecutionExplained,
    ProjectInfo,
    ReviewInfo,
    RunExplained,
    RunInfo,
    StartedRunInfo,
    explained,
    run_info,
)

_INSTRUCTIONS: Final = """\
Scene renders web pages in real browsers and compares the pictures with a baseline. A project has batches; a run of a
batch makes one execution for each task, browser and viewport. After a run, explain_run says what changed, where, and
where the pictures are. `changed` is a fact about pixels, not a judgement: whether a change was meant is for people."""
_POLL_SECONDS: Final = 1.0
_READS: Final = ToolAnnotations(readOnlyHint=True, openWorldHint=False)
_WRITES: Final = ToolAnnotations(readOnlyHint=False, destructiveHint=False, openWorldHint=False)

T = TypeVar("T")
BatchReference = Annotated[str, Field(description="The batch: its id, or project-slug/batch-name.")]
RunId = Annotated[str, Field(description="The id of a run.")]
Count = Annotated[int, Field(ge=1, le=100, description="How many at most.")]


def create_server(client: SceneClient) -> MCPServer[Any]:
    """Every tool asks the client's server, with the client's token. What Scene refuses is the tool's error."""
    tools = _Tools(client)
    server: MCPServer[Any] = MCPServer(
        "scene", title="Scene", version=scene.__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    for tool in (tools.list_projects, tools.list_batches, tools.list_runs, tools.get_run, tools.explain_run):
        server.add_tool(tool, annotations=_READS)
    server.add_tool(tools.explain_execution, annotations=_READS)
    server.add_tool(tools.wait_for_run, annotations=_READS)
    server.add_tool(tools.start_run, annotations=_WRITES)
    server.add_tool(tools.review_run, annotations=_WRITES)
    return server


class _Tools:
    """What is written under a tool's name is what an agent reads."""

    def __init__(self, client: SceneClient) -> None:
        self._client = client

    async def list_projects(self) -> list[ProjectInfo]:
        """The projects: top-level groups, each with pages, tasks and batches of one site."""
        return await _asked(lambda: [ProjectInfo.model_validate(each.model_dump()) for each in self._client.projects()])

    async def list_batches(
        self, project: Annotated[str, Field(description="The slug of a project.")]
    ) -> list[BatchInfo]:
        """The batches of a project: what can be run."""
        return await _asked(lambda: [BatchInfo(id=each.id, name=each.name) for each in self._client.batches(project)])

    async def list_runs(
        self,
        batch: BatchReference | None = None,
        status: Annotated[Status | None, Field(description="Only with this status.")] = None,
        limit: Count = 20,
    ) -> list[RunInfo]:
        """Runs, newest first, with their verdicts and counts."""

        def ask() -> list[RunInfo]:
            batch_id = self._client.batch_id(batch) if batch else None
            found = self._client.runs(limit, batch=batch_id, status=status)
            return [self._info(run) for run in found]

        return await _asked(ask)

    async def start_run(
        self,
        batch: BatchReference,
        purpose: Annotated[
            Literal["comparison", "baseline_recording"],
            Field(description="Compare with the baseline, or record a new baseline."),
        ] = "comparison",
        note: Annotated[str, Field(max_length=2_000, description="Why, for the people who look at it.")] = "",
        base_url: Annotated[
            str | None, Field(description="Where the pages are, such as a preview deployment; else the project's.")
        ] = None,
    ) -> StartedRunInfo:
        """Start a run of a batch. It goes on by itself: wait_for_run waits for its end."""
        draft: dict[str, Any] = {"purpose": Purpose(purpose).value}
        draft |= {name: value for name, value in (("note", note), ("base_url", base_url)) if value}

        def ask() -> StartedRunInfo:
            started = self._client.start_run({"batch_id": self._client.batch_id(batch), **draft})
            return StartedRunInfo(**self._info(started).model_dump(), warnings=started.warnings)

        return await _asked(ask)

    async def get_run(self, run_id: RunId) -> RunInfo:
        """One run: its status, verdict and counts."""
        return await _asked(lambda: self._info(self._client.run(run_id)))

    async def wait_for_run(
        self,
        run_id: RunId,
        context: Context[Any],
        timeout_seconds: Annotated[int, Field(ge=1, le=600, description="How long to wait at most.")] = 120,
    ) -> RunInfo:
        """Wait until a run has ended, or the time is over: `ended` says which. Then ask again, or explain_run."""
        until = time.monotonic() + timeout_seconds
        while True:
            run = await _asked(lambda: self._client.run(run_id))
            await context.report_progress(run.summary.ended, run.summary.total)
            if run.status.ended or time.monotonic() >= until:
                return self._info(run)
            await anyio.sleep(min(_POLL_SECONDS, max(0.0, until - time.monotonic())))

    async def explain_run(self, run_id: RunId, limit: Count = 20) -> RunExplained:
        """What differs in a run: for each execution that changed, failed or has no baseline, a sentence for each
        picture, the regions in pixels, and where the pictures are."""

        def ask() -> RunExplained:
            run = self._client.run(run_id)
            differing = [each for each in self._client.executions(run_id) if each.verdict != "unchanged"]
            shown = [self._explained(each.id) for each in differing[:limit]]
            return RunExplained(run=self._info(run), executions=shown, more=max(0, len(differing) - limit))

        return await _asked(ask)

    async def explain_execution(
        self, execution_id: Annotated[str, Field(description="The id of an execution.")]
    ) -> ExecutionExplained:
        """What one execution came to: sentences, regions, and where its pictures and files are."""
        return await _asked(lambda: self._explained(execution_id))

    async def review_run(
        self,
        run_id: RunId,
        decision: Annotated[
            Literal["approved", "rejected"], Field(description="Whether the changes are meant, or are defects.")
        ],
        comment: Annotated[str, Field(min_length=1, max_length=2_000, description="Why, for the people who read it.")],
        scope: Annotated[
            Literal["run", "execution", "change"],
            Field(description="All that is undecided in the run, in one execution, or that changed in one way."),
        ],
        execution_id: Annotated[str | None, Field(description="With the scope execution.")] = None,
        change_fingerprint: Annotated[
            str | None, Field(description="With the scope change: as explain_run tells it for each picture.")
        ] = None,
    ) -> ReviewInfo:
        """Approve or reject what nobody has decided on yet, in the name of whoever gave you the token. Approve only
        what you were told is meant; approving makes no baseline by itself."""
        narrowed = {
            "run": {},
            "execution": {"execution_id": execution_id},
            "change": {"change_fingerprint": change_fingerprint},
        }
        among: dict[str, Any] = narrowed[scope]
        if None in among.values():
            raise ToolError(f"The scope {scope} needs {' and '.join(among)}.")

        def ask() -> ReviewInfo:
            found = self._client.review(run_id, decision, comment, among)
            skipped = [f"{each.screenshot_id}: {each.reason}" for each in found.skipped]
            return ReviewInfo(decision=found.decision, decided=len(found.screenshot_ids), skipped=skipped)

        return await _asked(ask)

    def _info(self, run: Run) -> RunInfo:
        return run_info(run, self._client.address)

    def _explained(self, execution_id: str) -> ExecutionExplained:
        return explained(self._client.execution(execution_id), self._client.address)


async def _asked(ask: Callable[[], T]) -> T:
    """The client waits for answers in a thread of its own. Raises ToolError with what Scene says."""
    try:
        return await anyio.to_thread.run_sync(ask)
    except SceneError as error:
        raise ToolError(error.message) from None
