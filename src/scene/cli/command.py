"""What every command of ``scene`` has in common."""

from typing import Any

from typer.core import TyperCommand

from scene.domain.exit_code import ExitCode

_WRONG_USE = 2
"""Typer's exit code for options that cannot be used; its error classes are not public."""


class Command(TyperCommand):
    """A command that could not even begin, because an option is wrong, could not run: its exit code says so."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().make_context(*args, **kwargs)
        except Exception as error:
            if getattr(error, "exit_code", None) == _WRONG_USE:
                error.exit_code = int(ExitCode.COULD_NOT_RUN)  # type: ignore[attr-defined]
            raise
