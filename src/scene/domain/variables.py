"""Texts with ``{{name}}`` in them: what a run fills in."""

import re
from collections.abc import Mapping

from scene.errors import Invalid

_PLACE = re.compile(r"\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}")


def filled(text: str, variables: Mapping[str, str], where: str) -> str:
    """The text with every ``{{name}}`` replaced by the variable's value, which is not looked into again.

    Raises Invalid (``variables``), naming the variable that is not given and where it is used.
    """

    def value(place: re.Match[str]) -> str:
        name = place[1]
        if name not in variables:
            raise Invalid.field("variables", f"gives no {name!r}, which {where} uses")
        return variables[name]

    return _PLACE.sub(value, text)


def with_any_values(url: str) -> str:
    """The URL as it can be judged before anybody knows the variables: with digits, valid in host and port alike."""
    return _PLACE.sub("1", url)
