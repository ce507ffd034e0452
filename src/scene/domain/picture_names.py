"""Names of picture files: those that Scene gives, and those by which it knows what a file is the picture of.

A file is known by the parts of what it shows, in this order and with anything between them: task, browser, viewport,
target; what the task has one of can be left out, and so can ``full``. BackstopJS's own names are known too:
``<config>_<scenario>_<n>_<selector>_<n>_<viewport>.png``, where the scenario is the task's name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from scene.domain.catalog import Task
from scene.domain.importing import MappingRow, PicturePlace
from scene.domain.target import Target
from scene.domain.viewport import Browser, Viewport

_BACKSTOP_TARGETS = {"full": "document", "viewport": "viewport"}
_AT_MOST = 200
"""Characters of one part of a name that Scene gives."""


class Unmatched(Exception):
    """A file of which nobody can say what it shows: in which field, and why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def file_name(place: PicturePlace, taken: set[str]) -> str:
    """Where an export keeps a picture: as readable as can be, and known again by its parts. taken: is added to."""
    parts = [_readable(part) for part in (place.task_name, place.browser, place.viewport_key, place.target)]
    stem, number = "/".join(parts), 1
    while (name := f"{stem}{f'~{number}' if number > 1 else ''}.png").casefold() in taken:
        number += 1
    taken.add(name.casefold())
    return name


def _readable(part: str) -> str:
    """One name of a folder or file that every system takes."""
    return re.sub(r"[^\w@.+ -]+", "-", part)[:_AT_MOST].strip(". ") or "-"


def safe(text: str) -> str:
    """As names are compared: letters and digits alone count."""
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")


@dataclass
class Names:
    """Of the tasks of one batch."""

    tasks: Sequence[Task]
    _known: dict[str, list[PicturePlace]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for task in self.tasks:
            for browser in task.browsers:
                for viewport in task.viewports:
                    for target in task.targets:
                        place = _place(task, browser, viewport, target.key)
                        for name in dict.fromkeys(_names(task, browser, viewport, target)):
                            self._known.setdefault(name, []).append(place)

    def of_file(self, path: str) -> PicturePlace:
        """Raises Unmatched."""
        stem = str(PurePosixPath(path).with_suffix(""))
        found = self._known.get(safe(stem)) or self._known.get(safe(PurePosixPath(stem).name)) or []
        found = found or self._every(stem) or list(self._of_backstop(safe(PurePosixPath(stem).name)))
        if not found:
            raise Unmatched("name", "says nothing that the batch asks for: add a mapping that says what it is")
        if len(found) > 1:
            others = " or of ".join(str(place) for place in found[:3])
            raise Unmatched("name", f"can be the picture of {others}: add a mapping that says which")
        return found[0]

    def _every(self, stem: str) -> list[PicturePlace]:
        """Of every element that matches: a number other than 1 at the end."""
        number = re.search(r"\d+$", stem)
        if number is None:
            return []
        first = self._known.get(safe(f"{stem[: number.start()]}1"), [])
        every = {(task.id, target.key) for task in self.tasks for target in task.targets if target.match == "every"}
        return [
            place.model_copy(update={"target": f"{place.target.rpartition('#')[0]}#{int(number[0])}"})
            for place in first
            if (place.task_id, place.target) in every
            and safe(f"{stem[: number.start()]}1").endswith(safe(place.target))
        ]

    def _of_backstop(self, name: str) -> Iterator[PicturePlace]:
        for task in self.tasks:
            label = safe(task.name)
            if f"_{label}_" not in f"_{name}":
                continue
            for viewport in task.viewports:
                for target in task.targets:
                    selector = safe(_BACKSTOP_TARGETS.get(target.kind) or target.selector or "")
                    pattern = rf"(.*_)?{re.escape(label)}_\d+_{re.escape(selector)}_\d+_{re.escape(_called(viewport))}"
                    if re.fullmatch(pattern, name):
                        yield from (_place(task, browser, viewport, target.key) for browser in task.browsers)

    def of_row(self, row: MappingRow) -> PicturePlace:
        """What a mapping says. Raises Unmatched."""
        tasks = [task for task in self.tasks if task.id == row.task] or [
            task for task in self.tasks if task.name.casefold() == row.task.casefold()
        ]
        if not tasks:
            raise Unmatched("task", f"the batch has no task {row.task!r}")
        task = tasks[0]
        browsers = [browser for browser in task.browsers if row.browser in ("", browser)]
        viewports = [viewport for viewport in task.viewports if row.viewport in ("", *_spellings(viewport))]
        if not row.target and any(target.kind == "full" for target in task.targets):
            targets = ["full"]
        else:
            targets = [key for target in task.targets for key in _keys(target, row.target)]
        for name, given, found, there in (
            ("browser", row.browser, browsers, [str(browser) for browser in task.browsers]),
            ("viewport", row.viewport, viewports, [viewport.key for viewport in task.viewports]),
            ("target", row.target, targets, [target.key for target in task.targets]),
        ):
            if len(found) != 1:
                wrong = f"{given!r} is none of the task's" if given and not found else "has to be one of the task's"
                raise Unmatched(name, f"{wrong}: {', '.join(there)}")
        return _place(task, browsers[0], viewports[0], targets[0])


def _place(task: Task, browser: Browser, viewport: Viewport, target: str) -> PicturePlace:
    return PicturePlace(task_id=task.id, task_name=task.name, browser=browser, viewport_key=viewport.key, target=target)


def _names(task: Task, browser: Browser, viewport: Viewport, target: Target) -> Iterator[str]:
    browsers = [str(browser), *([""] if len(task.browsers) == 1 else [])]
    viewports = [*_spellings(viewport), *([""] if len(task.viewports) == 1 else [])]
    whole = target.kind == "full" or len(task.targets) == 1
    targets = [*_spellings_of(target), *([""] if whole else [])]
    for parts in ((b, v, t) for b in browsers for v in viewports for t in targets):
        yield safe(" ".join(part for part in (task.name, *parts) if part))


def _spellings(viewport: Viewport) -> list[str]:
    size = f"{viewport.width}x{viewport.height}"
    return [viewport.key, size, *([viewport.name] if viewport.name else [])]


def _called(viewport: Viewport) -> str:
    return safe(viewport.name or viewport.key)


def _spellings_of(target: Target) -> list[str]:
    return [target.key, *(text for text in (target.name, target.selector) if text)]


def _keys(target: Target, given: str) -> list[str]:
    """Keys of a target that a mapping can mean by what it gives."""
    if given in ("", *_spellings_of(target)):
        return [target.key]
    number = re.fullmatch(re.escape(target.stem) + r"#([1-9]\d{0,2})", given)
    return [given] if number and target.match == "every" else []
