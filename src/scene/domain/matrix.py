"""From a batch to executions: enabled tasks x browsers x viewports."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal
from urllib.parse import SplitResult, urljoin, urlsplit

from pydantic import TypeAdapter, ValidationError

from scene.domain.actions import AnyAction, Fill, filled_action
from scene.domain.auth import AuthProfile, AuthReference
from scene.domain.catalog import AbsoluteUrl, Page, Project, Task
from scene.domain.options import CaptureDefaults, CompareWith
from scene.domain.runs import ConfigurationSnapshot, ExecutionPlan
from scene.domain.variables import filled, secrets_in
from scene.domain.wording import wording
from scene.errors import Invalid

_NONE: Mapping[str, str] = MappingProxyType({})
_DEFAULTS = CaptureDefaults()
_ABSOLUTE_URL: TypeAdapter[str] = TypeAdapter(AbsoluteUrl)
_PORTS = {"http": 80, "https": 443}


def snapshot(
    project: Project,
    page: Page,
    task: Task,
    *,
    base_url: str | None = None,
    variables: Mapping[str, str] = _NONE,
    defaults: CaptureDefaults = _DEFAULTS,
    from_reference: bool = False,
    auth_profile: AuthProfile | None = None,
) -> ConfigurationSnapshot:
    """What the executions of a task use in a run with this base URL (none: the project's) and these variables.

    from_reference: capture the page's reference_url in the place of its url, where it has one.
    auth_profile: as whom the page is opened.
    Raises Invalid when a variable or a secret is not given, when what comes out is not a URL or not a header, or when
    a task that compares with the reference alone has a page without one.
    """
    of_page, of_task = f"of the page {page.name!r}", f"of the task {task.name!r}"
    url, reference_url = _addresses(project, page, task, base_url, variables)
    if from_reference:
        url, reference_url = reference_url or url, None
    elif task.compare_with is CompareWith.BASELINE:
        reference_url = None
    headers = _headers(project, page, task, variables)
    preparatory_actions = [
        filled_action(action, variables, f"preparatory_actions[{number}] {of_page}")
        for number, action in enumerate(page.preparatory_actions)
    ]
    task_actions = [
        filled_action(action, variables, f"task_actions[{number}] {of_task}")
        for number, action in enumerate(task.task_actions)
    ]
    _check_secrets([*preparatory_actions, *task_actions], task, page, auth_profile)
    preparatory_js = page.preparatory_js and filled(page.preparatory_js, variables, f"the preparatory_js {of_page}")
    task_js = task.task_js and filled(task.task_js, variables, f"the task_js {of_task}")
    try:
        return ConfigurationSnapshot(
            task_id=task.id,
            task_name=task.name,
            page_id=page.id,
            page_name=page.name,
            url=url,
            reference_url=reference_url,
            auth_profile=AuthReference(id=auth_profile.id, version=auth_profile.version) if auth_profile else None,
            headers=headers,
            expected_status=page.expected_status,
            ignore_https_errors=page.ignore_https_errors,
            preparatory_actions=preparatory_actions,
            preparatory_js=preparatory_js,
            task_actions=task_actions,
            task_js=task_js,
            targets=task.targets,
            compare_with=task.compare_with,
            capture=task.capture.with_defaults(project.capture, defaults),
            dismissals=project.dismissals,
            allowed_hosts=project.allowed_hosts,
            denied_hosts=project.denied_hosts,
            policy=task.policy,
        )
    except ValidationError as error:
        raise _unusable(error, page) from None


def _check_secrets(actions: Sequence[AnyAction], task: Task, page: Page, profile: AuthProfile | None) -> None:
    known = profile.parts.secrets if profile else []
    used = [name for action in actions if isinstance(action, Fill) for name in secrets_in(action.value)]
    for name in used:
        if name not in known:
            lacks = f"which its auth profile {profile.name!r} lacks" if profile else "and has no auth profile"
            said = f"the task {task.name!r} of the page {page.name!r} fills in the secret {name!r}, {lacks}"
            raise Invalid.field("batch_id", said)


def _headers(project: Project, page: Page, task: Task, variables: Mapping[str, str]) -> dict[str, str]:
    """Case does not matter in names: of each the nearest one to the task is sent."""
    named: dict[str, tuple[str, str]] = {}
    for of, headers in (
        (f"of the project {project.name!r}", project.capture.extra_headers),
        (f"of the page {page.name!r}", page.headers),
        (f"of the task {task.name!r}", task.capture.extra_headers),
    ):
        for name, value in (headers or {}).items():
            named[name.lower()] = name, filled(value, variables, f"the header {name} {of}")
    return dict(named.values())


def expand(task: Task, frozen: ConfigurationSnapshot) -> list[ExecutionPlan]:
    """One plan for each browser and viewport of a task, in the task's order."""
    return [
        ExecutionPlan(snapshot=frozen, browser=browser, viewport=viewport)
        for browser in task.browsers
        for viewport in task.viewports
    ]


def _addresses(
    project: Project, page: Page, task: Task, base_url: str | None, variables: Mapping[str, str]
) -> tuple[str, str | None]:
    """The page's url and reference_url, absolute. A run's base URL moves the first alone."""
    url = filled(page.url, variables, f"the url of the page {page.name!r}")
    absolute = _absolute(_resolved(url, project.base_url, base_url), page, "url", url)
    if page.reference_url is not None:
        reference = filled(page.reference_url, variables, f"the reference_url of the page {page.name!r}")
        return absolute, _absolute(urljoin(project.base_url or "", reference), page, "reference_url", reference)
    if task.compare_with is CompareWith.REFERENCE:
        raise Invalid.field(
            "batch_id",
            f"the task {task.name!r} compares with the reference alone, and the page {page.name!r} has none: "
            "give the page a reference_url, or let the task compare with the baseline",
        )
    return absolute, None


def _absolute(url: str, page: Page, field: Literal["url", "reference_url"], filled_in: str) -> str:
    """Raises Invalid when it is no absolute URL, with what is to be changed."""
    try:
        return _ABSOLUTE_URL.validate_python(url)
    except ValidationError as error:
        if filled_in != getattr(page, field):
            said = f"make {filled_in!r} the {field} of the page {page.name!r}: {wording(error.errors()[0])}"
            raise Invalid.field("variables", said) from None
    raise Invalid.field(
        "batch_id",
        f"the page {page.name!r} has the relative {field} {filled_in!r}: give the project a base_url, "
        "or the page an absolute URL",
    )


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


def _unusable(error: ValidationError, page: Page) -> Invalid:
    problem = error.errors()[0]
    return Invalid.field("variables", f"make {problem['loc'][0]!r} of the page {page.name!r}: {wording(problem)}")
