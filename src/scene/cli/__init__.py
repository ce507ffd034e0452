"""The command ``scene``: thin commands over services, or over the API of a server."""

import sys

import typer

from scene.cli.browsers import browsers
from scene.cli.command import Command
from scene.cli.compare import compare
from scene.cli.demo import demo
from scene.cli.doctor import doctor
from scene.cli.migrate import migrate
from scene.cli.run import run
from scene.cli.serve import serve
from scene.cli.worker import worker
from scene.domain.exit_code import ExitCode
from scene.errors import SceneError

app = typer.Typer(
    name="scene",
    help="Self-hosted visual regression testing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (serve, run, worker, migrate, browsers, demo, doctor):
    app.command(cls=Command)(command)
app.command()(compare)


def main() -> None:
    """Run a command. What a person can mend is one sentence on stderr and exit code 3, never a stack trace."""
    try:
        app()
    except SceneError as error:
        print(f"scene: {error.message}", file=sys.stderr)  # noqa: T201 - this is the command's own stderr
        sys.exit(ExitCode.COULD_NOT_RUN)
    except KeyboardInterrupt:
        sys.exit(130)
