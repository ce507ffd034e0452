"""What the pool and its workers say to each other: one JSON document on one line, each way."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from scene.domain.comparison import ComparisonStats
from scene.domain.masking import ComparedMask
from scene.domain.model import Model
from scene.domain.options import ComparisonPolicy


class CompareJob(Model):
    job: Literal["compare"] = "compare"
    baseline: Path
    observed: Path
    out_dir: Path
    policy: ComparisonPolicy
    masks: list[ComparedMask] = Field(default=[])


class ThumbnailJob(Model):
    job: Literal["thumbnail"] = "thumbnail"
    picture: Path
    out: Path


class Compared(Model):
    answer: Literal["compared"] = "compared"
    stats: ComparisonStats


class Thumbnailed(Model):
    answer: Literal["thumbnailed"] = "thumbnailed"
    width: int
    height: int


class Failed(Model):
    answer: Literal["failed"] = "failed"
    cause: Literal["picture", "file", "internal"]
    message: str


Job = CompareJob | ThumbnailJob
Answer = Compared | Thumbnailed | Failed

JOB: TypeAdapter[Job] = TypeAdapter(Annotated[Job, Field(discriminator="job")])
ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="answer")])
