"""What can be done next: links of the OpenAPI document from an answer to the operations that take its id."""

from collections.abc import Iterator
from typing import Any, Final

Operation = dict[str, Any]

_ID: Final = "$response.body#/id"
_FIRST: Final = "$response.body#/items/0/id"
_NOUNS: Final = {
    "/api/projects": "project_id",
    "/api/projects/{project_id}/auth-profiles": "profile_id",
    "/api/projects/{project_id}/pages": "page_id",
    "/api/projects/{project_id}/tasks": "task_id",
    "/api/projects/{project_id}/batches": "batch_id",
    "/api/projects/{project_id}/schedules": "schedule_id",
    "/api/projects/{project_id}/quarantines": "quarantine_id",
    "/api/runs": "run_id",
    "/api/runs/{run_id}/executions": "execution_id",
    "/api/runs/{run_id}/screenshots": "screenshot_id",
    "/api/baselines": "baseline_id",
    "/api/webhooks": "webhook_id",
    "/api/webhooks/{webhook_id}/deliveries": "delivery_id",
    "/api/webhooks/{webhook_id}/test": "delivery_id",
    "/api/tokens": "token_id",
    "/api/users": "user_id",
}
"""Where things of a kind are made and listed, and what the other paths call the id of one."""
_WITHIN: Final = {
    ("/api/projects/{project_id}/pages", "/api/projects/{project_id}/tasks"): {"page_id": _ID},
    ("/api/projects/{project_id}/tasks", "/api/projects/{project_id}/batches"): {"tasks": [{"task_id": _ID}]},
    ("/api/projects/{project_id}/batches", "/api/projects/{project_id}/schedules"): {"batch_id": _ID},
    ("/api/projects/{project_id}/batches", "/api/runs"): {"batch_id": _ID},
}
"""What is made of what: the part of the body that comes of the answer."""


def link(document: dict[str, Any]) -> None:
    """Add them to the answers of what makes and lists things."""
    paths: dict[str, dict[str, Operation]] = document["paths"]
    for path, parameter in _NOUNS.items():
        for method, operation in paths[path].items():
            for status, answer in operation["responses"].items():
                if status in ("200", "201", "202"):
                    found = _ID if method == "post" else _FIRST
                    answer["links"] = dict(_to_one(paths, parameter, found))
    for (source, target), body in _WITHIN.items():
        made = paths[source]["post"]["responses"]["201"]
        operation = paths[target]["post"]
        given = {"project_id": "$response.body#/project_id"} if "{project_id}" in target else {}
        made["links"][operation["operationId"]] = {
            "operationId": operation["operationId"],
            "description": operation["summary"],
            "parameters": given,
            "requestBody": body,
        }


def _to_one(paths: dict[str, dict[str, Operation]], parameter: str, found: str) -> Iterator[tuple[str, Operation]]:
    """Links to every operation on one thing, by the name of the operation."""
    for operations in paths.values():
        for operation in operations.values():
            if [each["name"] for each in operation.get("parameters", []) if each["in"] == "path"] == [parameter]:
                name = operation["operationId"]
                yield (
                    name,
                    {
                        "operationId": name,
                        "description": operation["summary"],
                        "parameters": {parameter: found},
                    },
                )
