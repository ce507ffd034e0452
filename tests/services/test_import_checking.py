"""What is no picture of a page enters no baseline by an import, and each file is decoded once."""

import hashlib
import io
import itertools
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from PIL import Image

from scene.bootstrap import Scene
from scene.domain.importing import ImportDraft, ImportReport
from scene.domain.records import Actor
from scene.errors import Invalid
from scene.imaging.decode import decode_png
from scene.services.import_checking import ERROR_PICTURES
from scene.services.importing import Importing
from scene.services.pictures import Pictures
from tests.support.describe import Story
from tests.support.drawings import drawn

SAVED_INSTEAD = drawn("orange")
Import = Callable[..., ImportReport]


def one_colour() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def import_as(scene: Scene, story: Story, tmp_path: Path) -> Import:
    """``import_as(png, policy={...})``: the only picture of a task, in a Scene that knows one error picture."""
    now = partial(datetime.now, UTC)
    importing = Importing(
        scene.store,
        Pictures(scene.store, scene.artifacts, scene.imaging, now),
        work_dir=tmp_path / "work",
        most_bytes=10_000_000,
        clock=now,
        error_pictures={hashlib.sha256(SAVED_INSTEAD).hexdigest(): "no element matched"},
    )

    numbers = itertools.count(1)

    def import_as(png: bytes, **task: Any) -> ImportReport:
        name = f"Home {next(numbers)}"
        with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
            archive.writestr(f"{name}.png", png)
        batch = story.batch(story.task(name=name, **task), name=name)
        return importing.import_zip(batch["id"], ImportDraft(), tmp_path / "in.zip", Actor(type="system", id="test"))[0]

    return import_as


def test_what_another_tool_saves_in_the_place_of_a_picture_is_refused(import_as: Import) -> None:
    with pytest.raises(Invalid, match=r"Home 1\.png is no picture of the page: BackstopJS saves it when no element"):
        import_as(SAVED_INSTEAD)
    assert len(import_as(drawn("navy")).pictures) == 1


def test_the_error_pictures_of_backstopjs_are_known_by_their_digests() -> None:
    assert len(ERROR_PICTURES) == 4
    assert all(len(bytes.fromhex(digest)) == 32 for digest in ERROR_PICTURES)


def test_a_blank_picture_is_refused_unless_its_task_allows_it(import_as: Import) -> None:
    with pytest.raises(Invalid, match="is blank"):
        import_as(one_colour())
    assert len(import_as(one_colour(), policy={"allow_blank": True}).pictures) == 1


def test_a_picture_of_an_element_may_have_one_colour(import_as: Import) -> None:
    assert len(import_as(one_colour(), targets=[{"kind": "element", "selector": "h1"}]).pictures) == 1


def test_a_picture_is_decoded_once(import_as: Import) -> None:
    called: list[CodeType] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.append(frame.f_code)

    sys.setprofile(note)
    try:
        import_as(drawn("navy"))
    finally:
        sys.setprofile(None)
    assert called.count(decode_png.__code__) == 1
