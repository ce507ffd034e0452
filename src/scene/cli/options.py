"""Options that commands have in common, declared once: as the fields of a dataclass."""

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any


def with_options_of(shared: type[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """For a command whose first parameter is such a dataclass: each of its fields is an argument or option instead."""
    fields = signature(shared).parameters

    def spread(command: Callable[..., None]) -> Callable[..., None]:
        def told(**given: Any) -> None:
            command(shared(**{name: given.pop(name) for name in fields}), **given)

        _, *own = signature(command).parameters.values()
        # Typer reads options off signature and annotations, and the help off the docstring.
        parameters = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in (*fields.values(), *own)]
        told.__signature__ = signature(told).replace(parameters=parameters)  # type: ignore[attr-defined]
        told.__annotations__ = {each.name: each.annotation for each in parameters}
        told.__name__, told.__doc__ = command.__name__, command.__doc__
        return told

    return spread
