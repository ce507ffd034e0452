"""Texts with ``{{name}}`` in them: what a run fills in."""

import re
from collections.abc import Iterator, Mapping

from scene.errors import Invalid, NotFound

_SECRET = re.compile(r"\{\{secret:([A-Za-z_][A-Za-z0-9_\-]{0,99})\}\}")
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


def secrets_in(text: str) -> list[str]:
    """Names of the secrets for which the text has a place, ``{{secret:name}}``."""
    return _SECRET.findall(text)


def with_secrets(text: str, secrets: Mapping[str, str], of: str) -> str:
    """The text with every ``{{secret:name}}`` replaced. Raises NotFound, naming the secret that ``of`` has not."""

    def value(place: re.Match[str]) -> str:
        if place[1] not in secrets:
            raise NotFound(f"{of[0].upper()}{of[1:]} has no secret {place[1]!r} any more.")
        return secrets[place[1]]

    return _SECRET.sub(value, text)


class AnyValues(Mapping[str, str]):
    """Gives every variable a value, with which texts can be judged before anybody knows it: digits, valid in host and
    port alike."""

    def __getitem__(self, name: str) -> str:
        return "1"

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def with_any_values(url: str) -> str:
    """The URL as it can be judged before anybody knows the variables: with digits, valid in host and port alike."""
    return _PLACE.sub("1", url)
