"""The API's documentation, from our own origin."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from scene.web.render import render_page

router = APIRouter(include_in_schema=False)

# Swagger UI sets style attributes on its own elements.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'"
)


@router.get("/docs")
def show_docs() -> HTMLResponse:
    page = render_page("docs.html")
    page.headers["Content-Security-Policy"] = _POLICY
    return page
