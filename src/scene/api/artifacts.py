"""Stored files: one stable URL for the interface, the API and webhooks."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from scene.api.deps import ServicesDep
from scene.api.downloads import disposition
from scene.api.problems import problem_response
from scene.domain.pictures import Artifact
from scene.errors import NotFound

router = APIRouter(tags=["artifacts"])

_SHOWN = {"image/png", "image/webp", "video/webm", "application/json", "application/x-ndjson", "text/plain"}
"""Media types a browser may show; anything else is a download."""


def _by_program(request: Request) -> bool:
    """A GET of something that is no browser: every browser says Mozilla.

    The pages' Content-Security-Policy admits nothing from another origin, and in Scene's own a person sees a picture
    that the store would make a download.
    """
    return request.method == "GET" and "Mozilla/" not in request.headers.get("user-agent", "")


ByProgram = Annotated[bool, Depends(_by_program)]


@router.get("/api/artifacts/{artifact_id}", summary="What is known of a stored file")
def get_artifact(artifact_id: str, services: ServicesDep) -> Artifact:
    return services.history.artifact(artifact_id)


@router.head("/artifacts/{artifact_id}/{name}", include_in_schema=False)
@router.get(
    "/artifacts/{artifact_id}/{name}",
    response_class=StreamingResponse,
    summary="The bytes of a stored file",
    responses={
        200: {"content": {"application/octet-stream": {}}},
        206: {"description": "A range of the bytes", "content": {"application/octet-stream": {}}},
        304: {"description": "The reader has these bytes"},
        307: {"description": "For programs, with SCENE_ARTIFACTS_REDIRECT: where the object store gives the bytes"},
    },
)
def download(
    artifact_id: str,
    name: str,
    services: ServicesDep,
    by_program: ByProgram,
    range_header: Annotated[str | None, Header(alias="Range", max_length=200)] = None,
    if_none_match: Annotated[str | None, Header(max_length=2_000)] = None,
) -> Response:
    artifact = services.history.artifact(artifact_id)
    if name != artifact.name:
        raise NotFound.of("file", f"{artifact_id}/{name}")
    headers = _headers(artifact)
    if if_none_match and (if_none_match.strip() == "*" or headers["ETag"] in if_none_match):
        return Response(status_code=304, headers=headers)
    span = _range(range_header, artifact.size)
    if span is not None and span[0] >= span[1]:
        return problem_response(
            416,
            "range_not_satisfiable",
            f"Range: the file has {artifact.size} bytes.",
            headers={"Content-Range": f"bytes */{artifact.size}"},
        )
    elsewhere = services.history.signed_url(artifact) if by_program else None
    if elsewhere is not None:
        # The program asks there for the same range; the store answers with a tag of its own, and knows it again.
        return RedirectResponse(elsewhere, 307, headers={"Cache-Control": "no-store", "ETag": headers["ETag"]})
    if span is None:
        body = services.history.read(artifact)
        return StreamingResponse(body, headers={**headers, "Content-Length": str(artifact.size)})
    start, end = span
    headers |= {"Content-Range": f"bytes {start}-{end - 1}/{artifact.size}", "Content-Length": str(end - start)}
    return StreamingResponse(services.history.read(artifact, start, end), status_code=206, headers=headers)


def _headers(artifact: Artifact) -> dict[str, str]:
    """Captured pages made these bytes: a browser may show them, but never run or guess anything in them."""
    shown = artifact.media_type in _SHOWN
    return {
        "Content-Type": artifact.media_type if shown else "application/octet-stream",
        "Content-Disposition": disposition("inline" if shown else "attachment", artifact.name),
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "Cache-Control": "private, max-age=31536000, immutable",
        "Accept-Ranges": "bytes",
        "ETag": f'"{artifact.sha256}"',
    }


def _range(header: str | None, size: int) -> tuple[int, int] | None:
    """``bytes=start-end`` as start and exclusive end; none for no range, or one that may be ignored (RFC 9110)."""
    found = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", (header or "").strip())
    if not found or (not found[1] and not found[2]):
        return None
    if not found[1]:
        return (max(0, size - int(found[2])), size) if int(found[2]) else (size, size)
    start = int(found[1])
    if found[2] and int(found[2]) < start:
        return None
    return start, min(int(found[2]) + 1, size) if found[2] else size
