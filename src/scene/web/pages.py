"""The forms of a page."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from scene.bootstrap import Services
from scene.domain.auth import AuthProfile
from scene.domain.catalog import Page, PageDraft, Project
from scene.domain.records import Actor
from scene.web.action_editor import ActionEditor
from scene.web.action_rows import read_actions, write_actions
from scene.web.choices import all_of
from scene.web.editing import Document, Noun, add_forms
from scene.web.forms import read_pairs

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class _Choices:
    project: Project
    auth_profiles: list[AuthProfile]
    actions: ActionEditor


def _create(services: Services, project_id: str, draft: PageDraft, by: Actor) -> Page:
    return services.pages.create(project_id, draft, by)


def _choices(services: Services, project_id: str, _: object) -> _Choices:
    return _Choices(
        services.projects.get(project_id),
        all_of(services, services.auth_profiles, project_id),
        ActionEditor.of("preparatory_actions"),
    )


def _read(document: Document) -> None:
    read_pairs(document, "headers")
    statuses: Any = document.pop("expected_status", "")
    document["expected_status"] = str(statuses).replace(",", " ").split()
    read_actions(document, "preparatory_actions")


def _write(document: Document) -> None:
    write_actions(document, "preparatory_actions")
    document["headers"] = [{"key": name, "value": value} for name, value in document["headers"].items()]
    document["expected_status"] = ", ".join(str(status) for status in document["expected_status"])


def _goes_with_it(services: Services, page_id: str) -> str:
    belongings = services.belonging.of_page(page_id)
    if belongings.tasks:
        return f"It stays as long as a task uses it, and it is used by {belongings.told('tasks')}: delete them first."
    return "No task uses it. Runs and baselines keep the pictures that they have of it."


add_forms(
    router,
    Noun[Page](
        word="page",
        plural="pages",
        draft_type=PageDraft,
        service=lambda services: services.pages,
        create=_create,
        goes_with_it=_goes_with_it,
        fields=frozenset(
            {
                "name",
                "url",
                "reference_url",
                "preparatory_actions",
                "preparatory_js",
                "auth_profile_id",
                "headers",
                "expected_status",
                "ignore_https_errors",
            }
        ),
        project_of=lambda page: page.project_id,
        read=_read,
        write=_write,
        choices=_choices,
    ),
    created_below="/projects/{project_id}/pages",
)
