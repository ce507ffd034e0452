"""Errors as RFC 9457 problem documents: a code that a program can test, a sentence that a person can use."""

import math
from collections.abc import Callable
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from scene.domain.wording import wording
from scene.errors import FieldError, Invalid, SceneError, TooManyTries
from scene.services.editing import field_path

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

DOCUMENTED = {
    "401": "Nobody knows who is asking: sign in, or send a token",
    "403": "Refused: not from here, or not by this caller",
    "404": "There is nothing with this id",
    "409": "The state of things forbids it",
    "412": "Somebody else saved first",
    "413": "The body is too large",
    "415": "The body is not JSON, or not what is imported",
    "416": "The range begins past the end of the file",
    "421": "This host is not served here",
    "422": "A field is wrong: errors names it",
    "503": "The database or the artifact store does not answer",
}

_HTTP_CODES = {401: "unauthenticated", 404: "not_found", 405: "method_not_allowed"}


class ProblemField(BaseModel):
    field: str = Field(examples=["viewports[0].width"])
    message: str = Field(examples=["must be 16 or more"])


class Problem(BaseModel):
    """RFC 9457."""

    type: str = Field(examples=["urn:scene:problem:invalid"])
    title: str = Field(examples=["Invalid"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["viewports[0].width: must be 16 or more"])
    code: str = Field(examples=["invalid"])
    errors: list[ProblemField] = Field(description="Every wrong field, for input that is not valid.")


def problem_response(
    status: int, code: str, detail: str, fields: tuple[FieldError, ...] = (), headers: dict[str, str] | None = None
) -> Response:
    problem = Problem(
        type=f"urn:scene:problem:{code}",
        title=code.replace("_", " ").capitalize(),
        status=status,
        detail=detail,
        code=code,
        errors=[ProblemField(field=field.field, message=field.message) for field in fields],
    )
    return JSONResponse(jsonable_encoder(problem), status_code=status, media_type=MEDIA_TYPE, headers=headers)


ForPeople = Callable[[Request, int, str], Response]
"""Makes a page of a status and a sentence."""


def install(app: FastAPI, for_people: ForPeople) -> None:
    """Make every error of the application a problem document, or a page where a browser asked for one."""

    def answer(request: Request, error: SceneError, headers: dict[str, str] | None = None) -> Response:
        if wants_page(request):
            return for_people(request, error.http_status, error.message)
        return problem_response(error.http_status, error.code, error.message, error.fields, headers)

    def on_scene_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, SceneError)
        wait = {"Retry-After": str(math.ceil(error.wait_seconds))} if isinstance(error, TooManyTries) else None
        return answer(request, error, wait)

    def on_invalid_request(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        fields = tuple(_field(problem) for problem in error.errors())
        return answer(request, Invalid("; ".join(f"{field.field}: {field.message}" for field in fields), fields=fields))

    def on_http_exception(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 400:  # raised for a body that cannot be read at all, before it could be validated
            expected = "valid JSON in UTF-8" if request.url.path.startswith("/api/") else "a form that can be read"
            return answer(request, Invalid.field("body", f"is not {expected}"))
        stated = SceneError("There is nothing at this address." if error.status_code == 404 else f"{error.detail}.")
        stated.http_status = error.status_code
        stated.code = _HTTP_CODES.get(error.status_code, "http_error")
        return answer(request, stated, dict(error.headers) if error.headers else None)

    def on_unforeseen(request: Request, error: Exception) -> Response:
        log.error("request_broke", method=request.method, path=request.url.path, exc_info=error)
        return answer(request, SceneError("Scene itself failed here; the server's log says where."))

    app.add_exception_handler(SceneError, on_scene_error)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(Exception, on_unforeseen)


def describe(document: dict[str, Any]) -> None:
    """In an OpenAPI document, make every error response a problem document, where that error can happen."""
    document["components"]["schemas"]["Problem"] = Problem.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    document["components"]["schemas"]["ProblemField"] = ProblemField.model_json_schema()
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)
            impossible = _impossible(method, path, operation)
            for status, title in DOCUMENTED.items():
                if status not in impossible:
                    operation["responses"].setdefault(status, {"description": title, "content": content})


def _impossible(method: str, path: str, operation: dict[str, Any]) -> set[str]:
    """Those of the documented statuses that this operation never answers."""
    headers = {each["name"].lower() for each in operation.get("parameters", []) if each["in"] == "header"}
    impossible = set()
    if "{" not in path:
        impossible.add("404")
    if method == "get":  # It changes nothing, and its body is not read.
        impossible |= {"409", "413", "415"}
    if "if-match" not in headers:
        impossible.add("412")
    if "range" not in headers:
        impossible.add("416")
    return impossible


def wants_page(request: Request) -> bool:
    """A browser that opens a page, not a program and not one of the machine's own paths."""
    return not request.url.path.startswith(
        ("/api/", "/artifacts/", "/static/", "/health")
    ) and "text/html" in request.headers.get("accept", "")


def _field(problem: dict[str, Any]) -> FieldError:
    source, *location = problem["loc"]
    if problem["type"] == "json_invalid":
        return FieldError("body", f"is not valid JSON: {problem.get('ctx', {}).get('error', 'cannot be parsed')}")
    return FieldError(field_path(tuple(location)) or str(source), wording(problem))
