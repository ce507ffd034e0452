"""What is in the way on the pages of a project, and how it is got rid of."""

from typing import Annotated, Literal

from pydantic import Field

from scene.domain.browsing import HostPatterns
from scene.domain.model import Model, Selector


class Dismissal(Model):
    """Once the page has loaded, and again before it is captured: what comes late is met too."""

    selector: Selector
    action: Literal["click", "remove"] = "remove"
    """Click the first visible element that matches, such as the button of a cookie banner; or take every element that
    matches out of the layout."""


class Dismissals(Model):
    selectors: Annotated[list[Dismissal], Field(max_length=100)] = Field(default=[])
    blocked_hosts: HostPatterns = Field(default=[])
    """Where what is in the way comes from: requests to these are blocked."""
