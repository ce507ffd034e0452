"""The container engine, by the Docker SDK: the few calls that Scene makes of it."""

import json
import socket
import ssl
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import docker
from docker.errors import APIError, DockerException, NotFound
from docker.utils import parse_repository_tag
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from scene.launch.docker.secure import plain_end

OWNER_LABEL = "scene.owner"
"""Which Scene a container is of, the same after a restart."""
INSTANCE_LABEL = "scene.instance"
"""Which process of that Scene started it."""
BROWSERS_LABEL = "scene.browsers"
CONTEXT_LABEL = "scene.context"

_ANSWER_SECONDS = 30
_SEND_SECONDS = 20
_CONNECTIONS = 64
_KEEP_ALIVE = {
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE): 1,
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE): 10,
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL): 5,
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT): 3,
}
_NO_ANSWER = (RequestException, HTTPError, OSError)


class EngineError(Exception):
    """The engine does not answer, or refused; the message is a sentence for a person."""


class NotThere(EngineError):
    """The engine has nothing of that name."""


@dataclass(frozen=True)
class Image:
    id: str
    """``sha256:...``: what is in it, and so what renders."""
    browsers: dict[str, str]
    """Where each browser is; empty is Playwright's own."""
    context: str
    """Digest of what it was built from; empty for an image that Scene did not build."""


@dataclass(frozen=True)
class ContainerState:
    running: bool
    exit_code: int
    out_of_memory: bool


@dataclass(frozen=True)
class Found:
    """A container of some Scene."""

    id: str
    name: str
    owner: str
    instance: str
    created_at: float
    """Seconds of the engine's clock."""
    ended: bool


class Engine:
    """Thread-safe. Where it is, DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH say."""

    def __init__(self, *, answer_seconds: float = _ANSWER_SECONDS) -> None:
        """Raises EngineError when the variables make no sense. Nothing is asked of the engine yet."""
        try:
            tls_and_host = docker.utils.kwargs_from_env()
            self.client = docker.APIClient(
                version="1.41", timeout=answer_seconds, max_pool_size=_CONNECTIONS, **tls_and_host
            )
            # REQUESTS_CA_BUNDLE would take the place of DOCKER_CERT_PATH, and a web proxy is none for an engine.
            self.client.trust_env = False
        except (DockerException, *_NO_ANSWER) as error:
            raise EngineError(f"The container engine cannot be used: {plain(error)}.") from error

    def close(self) -> None:
        self.client.close()

    def version(self) -> str:
        """Raises EngineError."""
        return str(self._ask("version")["Version"])

    def image(self, name: str) -> Image:
        """Raises NotThere and EngineError."""
        try:
            found = self._ask("inspect_image", name)
        except NotThere:
            raise NotThere(f"The container engine has no image {name}.") from None
        labels: dict[str, str] = found["Config"].get("Labels") or {}
        browsers = (each.partition("=") for each in labels.get(BROWSERS_LABEL, "").split())
        return Image(found["Id"], {each: path for each, _, path in browsers}, labels.get(CONTEXT_LABEL, ""))

    def pull(self, name: str) -> None:
        """Get an image from where its name says it is; takes minutes. Raises NotThere and EngineError."""
        repository, tag = parse_repository_tag(name)
        lines = map(json.loads, self._ask("pull", repository, tag=tag or "latest").splitlines())
        if errors := [line["error"] for line in lines if "error" in line]:
            raise EngineError(f"The container engine could not get {name}: {errors[0]}.")

    def create(self, **options: Any) -> str:
        """The id of a container that is not started. Raises NotThere and EngineError."""
        return str(self._ask("create_container_from_config", options.pop("config"), options.pop("name"))["Id"])

    def attach(self, container: str) -> socket.socket:
        """The stream of a container's stdin, stdout and stderr; to be opened before it starts. Raises EngineError."""
        streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        attached = self._ask("attach_socket", container, params=streams)
        found: socket.socket = getattr(attached, "_sock", attached)
        if found.family != socket.AF_UNIX:
            # An engine whose machine is gone says nothing any more.
            for option, value in _KEEP_ALIVE.items():
                found.setsockopt(*option, value)

        def close() -> None:
            attached._response.close()
            attached.close()

        if isinstance(found, ssl.SSLSocket):
            connected = plain_end(found, close)
        else:
            # One of our own: the SDK's is closed only when the last of its wrappers is collected.
            connected = found.dup()
            close()
        connected.settimeout(None)
        # A container that reads nothing must not hold up a thread for good.
        limit = struct.pack("ll", _SEND_SECONDS, 0)
        with suppress(OSError):
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        return connected

    def start(self, container: str) -> None:
        """Raises EngineError."""
        self._ask("start", container)

    def rename(self, container: str, name: str) -> None:
        """Raises EngineError."""
        self._ask("rename", container, name)

    def memory(self, container: str) -> int:
        """Bytes that it uses now. Raises EngineError."""
        usage = self._ask("stats", container, stream=False, one_shot=True).get("memory_stats", {})
        inactive = usage.get("stats", {})
        cache = inactive.get("total_inactive_file", inactive.get("inactive_file", 0))
        return max(0, int(usage.get("usage", 0)) - int(cache))

    def state(self, container: str) -> ContainerState | None:
        """None when there is no such container. Raises EngineError."""
        try:
            state = self._ask("inspect_container", container)["State"]
        except NotThere:
            return None
        return ContainerState(bool(state["Running"]), int(state["ExitCode"]), bool(state["OOMKilled"]))

    def remove(self, container: str) -> None:
        """Kill and remove; when this returns, it is gone. Raises EngineError."""
        with suppress(NotThere):
            self._ask("remove_container", container, force=True, v=True)

    def containers(self) -> list[Found]:
        """Every container of any Scene. Raises EngineError."""
        listed = self._ask("containers", all=True, filters={"label": OWNER_LABEL})
        return [
            Found(
                each["Id"],
                each["Names"][0].lstrip("/") if each["Names"] else each["Id"][:12],
                each["Labels"][OWNER_LABEL],
                each["Labels"].get(INSTANCE_LABEL, ""),
                float(each["Created"]),
                each["State"] in ("exited", "dead"),
            )
            for each in listed
        ]

    def _ask(self, call: str, *arguments: Any, **named: Any) -> Any:
        try:
            _knock(self.client)
            return getattr(self.client, call)(*arguments, **named)
        except NotFound as error:
            raise NotThere(plain(error)) from error
        except APIError as error:
            raise EngineError(f"The container engine refused: {plain(error)}.") from error
        except (DockerException, *_NO_ANSWER) as error:
            raise EngineError(f"The container engine does not answer: {plain(error)}.") from error


def _knock(client: Any) -> None:
    """Raises OSError when nobody listens on a socket of this machine: the SDK would leave one open for each try."""
    path = getattr(getattr(client, "_custom_adapter", None), "socket_path", None)
    if path is not None:
        with socket.socket(socket.AF_UNIX) as knocking:
            knocking.connect(path)


def plain(error: Exception) -> str:
    """What went wrong, in one line without a full stop."""
    if isinstance(error, APIError) and error.explanation:
        said = str(error.explanation)
    else:
        # Of a chain of errors over HTTP the first one knows why.
        first: BaseException = error
        while first.__cause__ or first.__context__:
            first = first.__cause__ or first.__context__ or first
        said = (isinstance(first, OSError) and first.strerror) or str(first)
    lines = said.strip().splitlines()
    return lines[0].rstrip(".")[:300] if lines else type(error).__name__
