"""From a batch to executions: enabled tasks x browsers x viewports."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import SplitResult, urljoin, urlsplit

from pydantic import ValidationError

from scene.domain.catalog import Page, Project, Task
from scene.domain.options import CaptureDefaults
from scene.domain.runs import ConfigurationSnapshot, ExecutionPlan
from scene.domain.variables import filled
from scene.errors import Invalid

_NONE: Mapping[str, str] = MappingProxyType({})
_DEFAULTS = CaptureDefaults()
_PORTS = {"http": 80, "https": 443}


def snapshot(
    project: Project,
    page: Page,
    task: Task,
    *,
    base_url: str | None = None,
    variables: Mapping[str, str] = _NONE,
    defaults: CaptureDefaults = _DEFAULTS,
) -> ConfigurationSnapshot:
    """What the executions of a task use in a run with this base URL (none: the project's) and these variables.

    Raises Invalid when a variable is not given, or when what comes out is not a URL or not a header.
    """
    of_page, of_task = f"of the page {page.name!r}", f"of the task {task.name!r}"
    url = filled(page.url, variables, f"the url {of_page}")
    headers = {name: filled(value, variables, f"the header {name} {of_page}") for name, value in page.headers.items()}
    preparatory_js = page.preparatory_js and filled(page.preparatory_js, variables, f"the preparatory_js {of_page}")
    task_js = task.task_js and filled(task.task_js, variables, f"the task_js {of_task}")
    try:
        return ConfigurationSnapshot(
            task_id=task.id,
            task_name=task.name,
            page_id=page.id,
            page_name=page.name,
            url=_resolved(url, project.base_url, base_url),
            headers=headers,
            expected_status=page.expected_status,
            ignore_https_errors=page.ignore_https_errors,
            preparatory_js=preparatory_js,
            task_js=task_js,
            targets=task.targets,
            capture=task.capture.with_defaults(defaults),
            policy=task.policy,
        )
    except ValidationError as error:
        raise _unusable(error, page, url) from None


def expand(task: Task, frozen: ConfigurationSnapshot) -> list[ExecutionPlan]:
    """One plan for each browser and viewport of a task, in the task's order."""
    return [
        ExecutionPlan(snapshot=frozen, browser=browser, viewport=viewport)
        for browser in task.browsers
        for viewport in task.viewports
    ]


def _resolved(url: str, of_project: str | None, of_run: str | None) -> str:
    """Relative URLs against the run's base URL or else the project's; absolute ones of the project's origin move."""
    if of_run is None:
        return urljoin(of_project or "", url)
    parts = urlsplit(url)
    if of_project is not None and parts.scheme and _origin(parts) == _origin(urlsplit(of_project)):
        moved = urlsplit(of_run)
        return parts._replace(scheme=moved.scheme, netloc=moved.netloc).geturl()
    return urljoin(of_run, url)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _unusable(error: ValidationError, page: Page, url: str) -> Invalid:
    problem = error.errors()[0]
    field, said = problem["loc"][0], problem["msg"].removeprefix("Value error, ")
    if url != page.url or field != "url":
        return Invalid.field(
            "variables", f"make {url if field == 'url' else field!r} of the page {page.name!r}: {said}"
        )
    return Invalid.field(
        "batch_id",
        f"the page {page.name!r} has the relative URL {page.url!r}: give the project a base_url, "
        "or the page an absolute URL",
    )
