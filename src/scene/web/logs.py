"""A stored log of an execution, to be read on its page: what the page said, or what it requested."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from scene.api.deps import ServicesDep
from scene.domain.amounts import count
from scene.domain.pictures import Artifact
from scene.errors import NotFound
from scene.web.evidence_views import READABLE
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)

_LINES = 200
_COMPLAINTS = {"error", "assert"}


class LogFilter(BaseModel):
    """Which lines of a log are shown, and how many."""

    text: str = Field(default="", max_length=200)
    kind: str = Field(default="", max_length=50)
    problems: bool = False
    lines: int = Field(default=_LINES, ge=1, le=10_000)

    def passes(self, line: "LogLine") -> bool:
        wanted = self.text.strip().lower()
        return (
            (line.bad or not self.problems)
            and self.kind in ("", line.kind)
            and (not wanted or wanted in line.text.lower() or wanted in line.note.lower())
        )


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
    only: LogFilter
    lines: list[LogLine]
    found: int
    """How many lines the filter passes, shown or not."""
    total: int
    kinds: list[str]

    @classmethod
    def of(cls, artifact: Artifact, content: Iterable[bytes], only: LogFilter) -> "LogView":
        every = sorted(_lines(content), key=lambda line: line.at_ms)
        found = [line for line in every if only.passes(line)]
        kinds = sorted({line.kind for line in every})
        return cls(artifact, only, found[: only.lines], len(found), len(every), kinds)

    @property
    def summary(self) -> str:
        if not self.total:
            return "The file is empty."
        if not self.found:
            return f"None of {count(self.total, 'line')} is like this."
        of_all = f" of {self.total}" if self.found < self.total else ""
        shown = f"; the first {len(self.lines)} are shown" if len(self.lines) < self.found else ""
        return f"{self.found}{of_all} line{'' if self.found == 1 and not of_all else 's'}{shown}."

    @property
    def more_url(self) -> str | None:
        if len(self.lines) == self.found:
            return None
        wanted = self.only.model_copy(update={"lines": self.only.lines + _LINES}).model_dump(exclude_defaults=True)
        return f"/logs/{self.artifact.id}?{urlencode(wanted)}"


@router.get("/logs/{artifact_id}")
def show_log(artifact_id: str, only: Annotated[LogFilter, Query()], services: ServicesDep) -> HTMLResponse:
    artifact = services.history.artifact(artifact_id)
    if artifact.type not in READABLE:
        raise NotFound.of("log", artifact_id)
    # The runner ends a log after some thousand lines.
    content = b"".join(services.history.read(artifact)).splitlines()
    return render_fragment("execution/_log.html", LogView.of(artifact, content, only))


def _lines(content: Iterable[bytes]) -> Iterator[LogLine]:
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
