"""Reference pictures that become a baseline: which file is the picture of what."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from scene.domain.baselines import Baseline
from scene.domain.masking import ResolvedMask
from scene.domain.model import STORABLE, Model
from scene.domain.promotion import Notes
from scene.domain.renderers import Renderer
from scene.domain.runs import Line
from scene.domain.viewport import Browser

MANIFEST = "manifest.json"
MAPPINGS = ("mapping.json", "mapping.csv")
"""At the top of what is imported."""
COLUMNS = ("file", "task", "browser", "viewport", "target")
FORMAT: Literal["scene-baseline"] = "scene-baseline"

FileName = Annotated[str, StringConstraints(min_length=1, max_length=1_000), STORABLE]
_Given = Annotated[str, StringConstraints(strip_whitespace=True, max_length=3_000), STORABLE]


class MappingRow(Model):
    """Of what a file is the picture. What a task has one of needs no words."""

    file: FileName
    task: _Given
    """Its name or id."""
    browser: _Given = ""
    viewport: _Given = ""
    """Its key such as ``1280x800@1``, its name, or width and height such as ``1280x800``."""
    target: _Given = ""
    """``full``, ``viewport``, or an element's key, name or selector."""


class ManifestPicture(Model):
    """A further picture that is right."""

    file: FileName
    sha256: str
    renderer: Renderer
    masks: list[ResolvedMask]


class ManifestItem(ManifestPicture):
    """One picture of an exported baseline."""

    task: str
    task_id: str
    browser: Browser
    viewport: str
    """Its key."""
    target: str
    width: int
    height: int
    alternatives: list[ManifestPicture] = Field(default=[])

    def row(self, task_ids: set[str]) -> MappingRow:
        """For a batch with these tasks: the same task by its id, else one of the same name."""
        task = self.task_id if self.task_id in task_ids else self.task
        return MappingRow(file=self.file, task=task, browser=self.browser, viewport=self.viewport, target=self.target)


class Manifest(Model):
    """What is in an exported zip: ``manifest.json``."""

    format: Literal["scene-baseline"] = FORMAT
    version: Literal[1] = 1
    project: str
    """Slug."""
    batch: str
    """Name."""
    baseline: Baseline
    items: list[ManifestItem]


class ImportDraft(Model):
    line: Line = "main"
    notes: Notes = ""
    only_these: bool = False
    """Without the other pictures of the newest baseline of the line, which stay by default."""
    skip_unknown: bool = False
    """Leave out, and tell, pictures that nothing of the batch asks for; by default they are an error."""
    dry_run: bool = False
    """Check everything and make nothing."""


class PicturePlace(Model):
    """What a picture is of."""

    task_id: str
    task_name: str
    browser: Browser
    viewport_key: str
    target: str

    def __str__(self) -> str:
        return f"{self.task_name} ({self.browser}, {self.viewport_key}, {self.target})"


class ImportedPicture(PicturePlace):
    """One file and what it is the picture of."""

    file: str
    sha256: str
    width: int
    height: int


class ImportReport(Model):
    """What was imported, or would be."""

    baseline: Baseline | None
    """The new one; null for a dry run."""
    pictures: list[ImportedPicture]
    left_out: list[str]
    """Files, each with why."""
    kept: int
    """Pictures of the line's newest baseline that stay."""
    missing: int
    """Pictures that the batch asks for and that the baseline does not have."""


def imported_renderer(browser: Browser, device_scale_factor: float) -> Renderer:
    """Of a picture of which nobody knows what made it."""
    unknown = "unknown"
    return Renderer(
        browser=browser,
        engine="imported",
        version=unknown,
        platform=unknown,
        fonts_sha256=unknown,
        device_scale_factor=device_scale_factor,
    )
