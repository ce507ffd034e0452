"""Errors as pages, for people: the same sentence that a program gets as a problem document."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from scene.web.render import render_page


@dataclass(frozen=True)
class ProblemView:
    status: int
    detail: str
    path: str


def problem_page(request: Request, status: int, detail: str) -> HTMLResponse:
    """What went wrong and where to go from here."""
    return render_page("problem.html", ProblemView(status, detail, request.url.path), status)
