"""The sample site answers on this machine, and switches its version while it serves."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from scene.demo.pictures import SCENES, picture
from scene.demo.server import SampleSite
from scene.demo.site import FONT_PATH, SamplePage, pages


@pytest.fixture
def site() -> Iterator[SampleSite]:
    with SampleSite() as site:
        yield site


def get(site: SampleSite, path: str) -> httpx2.Response:
    return httpx2.get(site.url + path, trust_env=False)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.slug)
def test_every_page_answers_with_its_name(site: SampleSite, page: SamplePage) -> None:
    answer = get(site, page.path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<title>{page.name} – Harbour Coffee</title>" in answer.text  # noqa: RUF001


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/harbour.css", "text/css; charset=utf-8"),
        ("/harbour.js", "text/javascript; charset=utf-8"),
        (f"/pictures/{SCENES[0].name}.png", "image/png"),
    ],
)
def test_files_have_their_media_type_and_are_never_cached(site: SampleSite, path: str, media_type: str) -> None:
    answer = get(site, path)

    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/karaoke", "/pictures/none.png", "/../site.py", "/_layout.html", FONT_PATH])
def test_what_is_not_there_is_not_found(site: SampleSite, path: str) -> None:
    assert get(site, path).status_code == 404


def test_the_version_can_be_switched_back_and_forth_while_serving(site: SampleSite) -> None:
    first = get(site, "/menu").text
    site.version = 2
    second = get(site, "/menu").text
    site.version = 1

    assert first != second
    assert get(site, "/menu").text == first


def test_a_font_is_served_and_used_when_there_is_one(tmp_path: Path) -> None:
    font = tmp_path / "any.woff2"
    font.write_bytes(b"wOF2")

    with SampleSite(font=font) as site:
        assert get(site, FONT_PATH).content == b"wOF2"
        assert get(site, FONT_PATH).headers["content-type"] == "font/woff2"
        assert FONT_PATH in get(site, "/").text


def test_without_a_font_no_page_asks_for_one(site: SampleSite) -> None:
    assert FONT_PATH not in get(site, "/").text


def test_pictures_are_the_same_bytes_each_time_they_are_drawn() -> None:
    first = picture(SCENES[0].name)
    picture.cache_clear()

    assert first == picture(SCENES[0].name)


def test_a_closed_site_gives_its_port_back() -> None:
    with SampleSite() as site:
        port = site.url.rpartition(":")[2]

    with SampleSite(port=int(port)) as again:
        assert get(again, "/").status_code == 200
