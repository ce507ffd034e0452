"""Stored files over HTTP: ranges, tags and headers that keep captured bytes harmless."""

import pytest

from scene.bootstrap import Scene
from tests.support.describe import Story
from tests.support.site import Site

pytestmark = pytest.mark.live


@pytest.fixture
def picture(story: Story) -> dict[str, object]:
    (screenshot,) = story.screenshots(story.executions(story.record(story.batch()))[0])
    image: dict[str, object] = screenshot["picture"]["image"]
    return image


def test_a_picture_is_served_whole_with_its_digest_as_etag(story: Story, picture: dict[str, object]) -> None:
    response = story.client.get(str(picture["url"]))
    assert (response.status_code, response.headers["content-type"]) == (200, "image/png")
    assert len(response.content) == picture["size"] == int(response.headers["content-length"])
    assert response.headers["etag"] == f'"{picture["sha256"]}"'
    assert "immutable" in response.headers["cache-control"]


def test_what_the_reader_has_is_not_sent_again(story: Story, picture: dict[str, object]) -> None:
    headers = {"If-None-Match": f'"other", "{picture["sha256"]}"'}
    response = story.client.get(str(picture["url"]), headers=headers)
    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize(
    ("wanted", "first", "last"), [("bytes=0-7", 0, 7), ("bytes=8-", 8, None), ("bytes=-4", -4, None)]
)
def test_a_range_is_sent_alone(
    story: Story, picture: dict[str, object], wanted: str, first: int, last: int | None
) -> None:
    whole = story.client.get(str(picture["url"])).content
    response = story.client.get(str(picture["url"]), headers={"Range": wanted})
    assert response.status_code == 206
    assert response.content == whole[first : None if last is None else last + 1]
    assert response.headers["content-range"].endswith(f"/{len(whole)}")


def test_a_range_past_the_end_cannot_be_satisfied(story: Story, picture: dict[str, object]) -> None:
    response = story.client.get(str(picture["url"]), headers={"Range": "bytes=99999999-"})
    assert (response.status_code, response.json()["code"]) == (416, "range_not_satisfiable")
    assert response.headers["content-range"] == f"bytes */{picture['size']}"


@pytest.mark.parametrize("wanted", ["lines=1-2", "bytes=5-2", "bytes=a-b", "bytes=0-1,4-5", "bytes=-"])
def test_a_range_that_means_nothing_is_ignored(story: Story, picture: dict[str, object], wanted: str) -> None:
    assert story.client.get(str(picture["url"]), headers={"Range": wanted}).status_code == 200


def test_captured_bytes_are_sandboxed(story: Story, picture: dict[str, object]) -> None:
    headers = story.client.head(str(picture["url"])).headers
    assert "sandbox" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-disposition"] == 'inline; filename="screenshot.png"'


@pytest.mark.parametrize("name", ["other.png", "..%2Fsecret", "screenshot.png%00"])
def test_another_name_is_not_found(story: Story, picture: dict[str, object], name: str) -> None:
    assert story.client.get(f"/artifacts/{picture['id']}/{name}").status_code == 404


def test_a_deleted_blob_is_not_found(story: Story, scene: Scene, site: Site) -> None:
    site.pages["/"] = "<!doctype html><h1>A picture that no other test captures</h1>"
    (screenshot,) = story.screenshots(story.executions(story.record(story.batch()))[0])
    image = screenshot["picture"]["image"]
    (scene.settings.data_dir / "artifacts" / image["sha256"][:2] / image["sha256"]).unlink()
    response = story.client.get(image["url"])
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
