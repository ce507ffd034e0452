"""A stored log of an execution, to be read on its page: what the page said, or what it requested."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from scene.api.deps import ServicesDep
from scene.domain.pictures import Artifact, ArtifactType
from scene.errors import NotFound
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)

READABLE = (ArtifactType.CONSOLE, ArtifactType.NETWORK)
_LINES = 500
_COMPLAINTS = {"error", "assert"}


@dataclass(frozen=True)
class LogLine:
    at_ms: float
    kind: str
    text: str
    note: str
    bad: bool


@dataclass(frozen=True)
class LogView:
    artifact: Artifact
    lines: list[LogLine]
    more: bool
    """Whether the file has more than is shown."""


@router.get("/logs/{artifact_id}")
def show_log(artifact_id: str, services: ServicesDep) -> HTMLResponse:
    artifact = services.history.artifact(artifact_id)
    if artifact.type not in READABLE:
        raise NotFound.of("log", artifact_id)
    content = b"".join(services.history.read(artifact)).splitlines()
    lines = sorted(islice(_lines(content), _LINES), key=lambda line: line.at_ms)
    return render_fragment("execution/_log.html", LogView(artifact, lines, more=len(content) > len(lines)))


def _lines(content: list[bytes]) -> Iterator[LogLine]:
    for each in content:
        try:
            entry = json.loads(each)
        except ValueError:
            continue  # of a runner that was killed in the middle of it
        status, problem = entry.get("status"), entry.get("problem", "")
        took = f"{entry['took_ms']:.0f} ms" if "took_ms" in entry else ""
        yield LogLine(
            at_ms=entry.get("at_ms") or 0,
            kind=entry["type"],
            text=f"{entry['method']} {entry['url']}" if "url" in entry else entry["text"],
            note=" · ".join(filter(None, (str(status or ""), took, problem, entry.get("location", "")))),
            bad=bool(problem) or (status or 0) >= 400 or entry["type"] in _COMPLAINTS,
        )
