"""The addresses that Scene listens on: one for itself, and one for the traces of captured pages."""

import socket
from dataclasses import dataclass

from scene.domain.setting_values import is_loopback
from scene.errors import SetupError
from scene.settings import ServerSettings


def require_loopback(host: str) -> None:
    """Nothing is open by accident: without credentials configured only this machine is served."""
    if not is_loopback(host):
        raise SetupError(
            f"SCENE_HOST: {host!r} would open Scene to other machines, and no credentials are configured. "
            "Use 127.0.0.1, and reach it from elsewhere through an SSH tunnel."
        )


@dataclass(frozen=True)
class Listeners:
    """Bound sockets; a context manager that closes them."""

    web: socket.socket
    traces: socket.socket | None
    """None where there is no trace viewer to serve."""

    @property
    def url(self) -> str:
        """Where Scene is reached, without a slash at the end."""
        host, port = self.web.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def trace_port(self) -> int | None:
        return int(self.traces.getsockname()[1]) if self.traces else None

    @property
    def sockets(self) -> list[socket.socket]:
        return [listener for listener in (self.web, self.traces) if listener]

    def __enter__(self) -> "Listeners":
        return self

    def __exit__(self, *_: object) -> None:
        for listener in self.sockets:
            listener.close()


def listen(settings: ServerSettings, *, traces: bool) -> Listeners:
    """Bind the addresses of the settings; ``traces``: the second one too.

    Raises SetupError when one is taken. Whether it may be open to others is asked before anything is served.
    """
    web = _bound(settings.host, settings.port, "SCENE_PORT")
    try:
        second = _bound(settings.host, settings.effective_trace_port, "SCENE_TRACE_PORT") if traces else None
    except SetupError:
        web.close()
        raise
    return Listeners(web, second)


def _bound(host: str, port: int, setting: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # two sockets may bind one address; the second that listens is refused
    except OSError as error:
        listener.close()
        raise SetupError(
            f"{setting}: {host}:{port} cannot be used ({error.strerror}). Choose another port, or 0 for any free one."
        ) from error
    return listener
