"""What every command of ``scene`` has in common."""

import re
from typing import Any

from typer.core import TyperCommand

from scene.domain.exit_code import ExitCode

_WRONG_USE = 2
"""Typer's exit code for options that cannot be used; its error classes are not public."""


class Command(TyperCommand):
    """A command that could not even begin, because an option is wrong, could not run: its exit code says so.

    The paragraphs of its help flow: where the lines of the docstring end says nothing to a terminal of another width.
    """

    def __init__(self, *args: Any, help: str | None = None, **options: Any) -> None:  # noqa: A002 - Typer's name
        super().__init__(*args, help=help and re.sub(r"(?<=\S)\n(?=\S)", " ", help), **options)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().make_context(*args, **kwargs)
        except Exception as error:
            if getattr(error, "exit_code", None) == _WRONG_USE:
                error.exit_code = int(ExitCode.COULD_NOT_RUN)  # type: ignore[attr-defined]
            raise
