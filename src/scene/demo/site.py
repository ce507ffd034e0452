"""Harbour Coffee, a small company that does not exist: its pages, pictures and files as version 1 shows them.

Nothing here knows of version 2; `scene.demo.mutations` makes it out of version 1.
"""

from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from scene.demo.pictures import SCENES

FONT_PATH = "/fonts/harbour.woff2"
PICTURE_FOLDER = "/pictures/"
FILES = {"/harbour.css": "text/css; charset=utf-8", "/harbour.js": "text/javascript; charset=utf-8"}

_PACKAGE = "scene.demo"


@dataclass(frozen=True)
class SamplePage:
    slug: str
    name: str
    path: str


PAGES = (
    SamplePage("home", "Home", "/"),
    SamplePage("menu", "Menu", "/menu"),
    SamplePage("guide", "Brewing guide", "/guide"),
    SamplePage("journal", "Journal", "/journal"),
    SamplePage("roastery", "Roastery", "/roastery"),
    SamplePage("events", "Events", "/events"),
    SamplePage("visit", "Visit us", "/visit"),
    SamplePage("about", "About", "/about"),
    SamplePage("gallery", "Gallery", "/gallery"),
    SamplePage("contact", "Contact", "/contact"),
)

_templates = Environment(
    loader=PackageLoader(_PACKAGE, "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def pages() -> list[SamplePage]:
    return list(PAGES)


def page_at(path: str) -> SamplePage | None:
    return next((page for page in PAGES if page.path == path), None)


def render(page: SamplePage, *, with_font: bool) -> str:
    """The page's HTML in version 1; `with_font` adds the web font that is then expected at `FONT_PATH`."""
    return _templates.get_template(f"{page.slug}.html").render(
        page=page,
        font_path=FONT_PATH if with_font else None,
        picture_folder=PICTURE_FOLDER,
        scenes=SCENES,
    )


def read_file(path: str) -> bytes:
    """The bytes of one of `FILES`."""
    return files(_PACKAGE).joinpath("pages", path.removeprefix("/")).read_bytes()
