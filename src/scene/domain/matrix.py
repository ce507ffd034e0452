"""From a batch to executions: enabled tasks x browsers x viewports."""

from urllib.parse import urljoin

from scene.domain.catalog import Page, Project, Task
from scene.domain.runs import ConfigurationSnapshot, ExecutionPlan


def snapshot(project: Project, page: Page, task: Task) -> ConfigurationSnapshot:
    """What the executions of a task use. Raises ValueError when the page's URL cannot be resolved."""
    return ConfigurationSnapshot(
        task_id=task.id,
        task_name=task.name,
        page_id=page.id,
        page_name=page.name,
        url=urljoin(project.base_url or "", page.url),
        headers=page.headers,
        expected_status=page.expected_status,
        ignore_https_errors=page.ignore_https_errors,
        preparatory_js=page.preparatory_js,
        task_js=task.task_js,
        targets=task.targets,
        capture=task.capture,
        policy=task.policy,
    )


def expand(task: Task, frozen: ConfigurationSnapshot) -> list[ExecutionPlan]:
    """One plan for each browser and viewport of a task, in the task's order."""
    return [
        ExecutionPlan(snapshot=frozen, browser=browser, viewport=viewport)
        for browser in task.browsers
        for viewport in task.viewports
    ]
