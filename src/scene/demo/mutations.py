"""What version 2 of the sample site changes, as data; applying it is the only thing that makes version 2.

Each kind of mutation knows the verdict that a comparison with version 1 has to reach, so what `scene demo` expects
follows from what was declared.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from scene.demo.site import PAGES
from scene.domain.status import Verdict


class Mutation(Protocol):
    """One declared difference of one page. `apply` raises ValueError where the page has no place for it."""

    kind: ClassVar[str]
    verdict: ClassVar[Verdict]

    @property
    def page(self) -> str: ...

    def apply(self, html: str) -> str: ...


@dataclass(frozen=True)
class Banner:
    """A strip across the page, `height` CSS pixels high, above everything else: all below moves down by as much."""

    kind: ClassVar[str] = "banner"
    verdict: ClassVar[Verdict] = Verdict.CHANGED

    page: str
    height: int
    text: str

    def apply(self, html: str) -> str:
        style = f"height:{self.height}px;line-height:{self.height}px"
        banner = f'<div class="banner" style="{style}">{self.text}</div>'
        return _insert(html, "<body>", f"<body>\n{banner}")


@dataclass(frozen=True)
class Colour:
    """Another background for the elements that `selector` matches."""

    kind: ClassVar[str] = "colour"
    verdict: ClassVar[Verdict] = Verdict.CHANGED

    page: str
    selector: str
    background: str

    def apply(self, html: str) -> str:
        return _add_rule(html, f"{self.selector}{{background:{self.background}}}")


@dataclass(frozen=True)
class Text:
    """Other words; `old` has to stand on the page exactly once."""

    kind: ClassVar[str] = "text"
    verdict: ClassVar[Verdict] = Verdict.CHANGED

    page: str
    old: str
    new: str

    def apply(self, html: str) -> str:
        return _insert(html, self.old, self.new)


@dataclass(frozen=True)
class Removal:
    """A part of the page that is gone: what the template puts between `<!-- part:NAME -->` and `<!-- end:NAME -->`."""

    kind: ClassVar[str] = "removal"
    verdict: ClassVar[Verdict] = Verdict.CHANGED

    page: str
    part: str

    def apply(self, html: str) -> str:
        name = re.escape(self.part)
        html, count = re.subn(f"<!-- part:{name} -->.*<!-- end:{name} -->", "", html, flags=re.DOTALL)
        return _once(html, count, self.part)


@dataclass(frozen=True)
class SubpixelShift:
    """A flat shape moved by less than a pixel: only the anti-aliasing of its edges differs, which is no change."""

    kind: ClassVar[str] = "antialias"
    verdict: ClassVar[Verdict] = Verdict.UNCHANGED

    page: str
    selector: str
    x_px: float
    y_px: float

    def apply(self, html: str) -> str:
        return _add_rule(html, f"{self.selector}{{transform:translate({self.x_px}px,{self.y_px}px)}}")


MUTATIONS: tuple[Mutation, ...] = (
    Banner(page="menu", height=60, text="New this week: cold brew on tap, all day"),
    Removal(page="events", part="latte-art"),
    Text(page="visit", old="9 am to 5 pm", new="closed"),
    SubpixelShift(page="about", selector=".ring", x_px=0.25, y_px=0.15),
    Colour(page="contact", selector=".send", background="#2f8f5b"),
)


def mutate(slug: str, html: str, mutations: Sequence[Mutation] = MUTATIONS) -> str:
    """Version 2 of a page, from the HTML of its version 1."""
    for mutation in mutations:
        if mutation.page == slug:
            html = mutation.apply(html)
    return html


def expected_verdicts(mutations: Sequence[Mutation] = MUTATIONS) -> dict[str, Verdict]:
    """The verdict of each page, by slug, when version 2 is compared with a baseline of version 1."""
    changed = {mutation.page for mutation in mutations if mutation.verdict is Verdict.CHANGED}
    return {page.slug: Verdict.CHANGED if page.slug in changed else Verdict.UNCHANGED for page in PAGES}


def _add_rule(html: str, rule: str) -> str:
    return _insert(html, "</head>", f"<style>{rule}</style>\n</head>")


def _insert(html: str, old: str, new: str) -> str:
    return _once(html.replace(old, new), html.count(old), old)


def _once(html: str, count: int, what: str) -> str:
    if count != 1:
        raise ValueError(f"{what!r} stands on the page {count} times, a mutation needs it once.")
    return html
