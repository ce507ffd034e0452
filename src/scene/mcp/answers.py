"""What tools answer: the part of Scene's answers that helps to decide what to do next, with absolute addresses."""

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from scene.client.answers import ComparedBox, Execution, ExecutionDetail, Run, Screenshot

Address = Callable[[str], str]


class Told(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class ProjectInfo(Told):
    id: str
    slug: str
    name: str


class BatchInfo(Told):
    id: str
    name: str


class RunInfo(Told):
    id: str
    batch_name: str
    purpose: str
    status: str
    """queued, executing, finished or failed."""
    ended: bool
    verdict: str | None
    """unchanged, changed or no_baseline; null for recordings and while nothing is known."""
    passed: bool
    reason: str | None
    """Why it failed."""
    executions: dict[str, int]
    """How many are where."""
    jira_issue: str | None
    url: str
    """For people."""


class StartedRunInfo(RunInfo):
    warnings: list[str]
    """What is known to go wrong."""


class PictureExplained(Told):
    target: str
    verdict: str | None
    sentence: str
    """What changed, in words."""
    change_fingerprint: str | None
    """Equal where the same change was made elsewhere in the run."""
    percent_changed: float | None
    regions: list[ComparedBox]
    """Where, in pixels of the observed picture."""
    more_regions: int
    observed_url: str | None
    baseline_url: str | None
    diff_url: str | None
    heatmap_url: str | None


class ExecutionExplained(Told):
    id: str
    task: str
    page: str
    browser: str
    viewport: str
    status: str
    verdict: str | None
    reason: str | None
    """Why it failed."""
    message: str
    percent_changed: float | None
    pictures: list[PictureExplained]
    files: dict[str, str]
    """Logs, traces and the like, by name."""
    url: str
    """For people."""


class RunExplained(Told):
    run: RunInfo
    executions: list[ExecutionExplained]
    """Those that changed, failed or have no baseline, in the order in which they started."""
    more: int
    """How many more there are."""


class ReviewInfo(Told):
    decision: str
    decided: int
    """How many pictures it was made on."""
    skipped: list[str]
    """Those that it was not made on, and why."""


_REGIONS = 20


def run_info(run: Run, address: Address) -> RunInfo:
    return RunInfo(
        id=run.id,
        batch_name=run.batch_name,
        purpose=run.purpose,
        status=run.status,
        ended=run.status.ended,
        verdict=run.verdict,
        passed=run.passed,
        reason=run.reason,
        executions=run.summary.model_dump(),
        jira_issue=run.jira_issue,
        url=address(run.url),
    )


def explained(detail: ExecutionDetail, address: Address) -> ExecutionExplained:
    execution: Execution = detail.execution
    return ExecutionExplained(
        id=execution.id,
        task=execution.task_name,
        page=execution.page_name,
        browser=execution.browser,
        viewport=f"{execution.viewport.width}x{execution.viewport.height}",
        status=execution.status,
        verdict=execution.verdict,
        reason=execution.reason,
        message=execution.message,
        percent_changed=execution.percent_changed,
        pictures=[_picture(each, address) for each in detail.screenshots],
        files={each.name: address(each.url) for each in detail.artifacts},
        url=address(execution.url),
    )


def _picture(screenshot: Screenshot, address: Address) -> PictureExplained:
    compared = next((each for each in screenshot.comparisons if each.decides), None)
    regions = compared.stats.regions[:_REGIONS] if compared else []
    return PictureExplained(
        target=screenshot.target,
        verdict=screenshot.verdict,
        sentence=screenshot.sentence,
        change_fingerprint=screenshot.change_fingerprint,
        percent_changed=compared.stats.percent_changed if compared else None,
        regions=regions,
        more_regions=compared.stats.total_regions - len(regions) if compared else 0,
        observed_url=address(screenshot.picture.image.url) if screenshot.picture else None,
        baseline_url=address(compared.against.image.url) if compared else None,
        diff_url=address(compared.diff.url) if compared and compared.diff else None,
        heatmap_url=address(compared.heatmap.url) if compared and compared.heatmap else None,
    )
