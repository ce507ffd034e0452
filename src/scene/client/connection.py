"""Requests to one server: JSON out, typed answers in, and every failure a sentence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from pydantic import BaseModel, SecretStr, ValidationError

import scene
from scene.client.answers import Problem
from scene.client.errors import Refusal, Unreachable
from scene.errors import FieldError, Invalid

A = TypeVar("A", bound=BaseModel)

_TIMEOUT = httpx2.Timeout(60, connect=10)
_LONG = httpx2.Timeout(3_600, connect=10)
_CHUNK = 1 << 20
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Connection:
    """Every request raises Unreachable or Refusal."""

    def __init__(self, url: str, transport: httpx2.BaseTransport | None = None, token: SecretStr | None = None) -> None:
        """url: of the server, without a slash at the end."""
        self.url = url
        shown = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
        self._http = httpx2.Client(
            base_url=url,
            timeout=_TIMEOUT,
            transport=transport,
            headers={"Accept": "application/json", "User-Agent": f"scene/{scene.__version__}", **shown},
            # A company's proxy cannot know this machine's own addresses.
            mounts={f"all://{host}": httpx2.HTTPTransport() for host in _LOOPBACK} if transport is None else None,
        )

    def close(self) -> None:
        self._http.close()

    def get(self, answer: type[A], path: str, **query: str | int | None) -> A:
        given = {name: value for name, value in query.items() if value is not None}
        return self._ask(answer, "GET", path, params=given)

    def post(self, answer: type[A], path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> A:
        return self._ask(answer, "POST", path, json=body, headers=headers)

    def delete(self, answer: type[A], path: str) -> A:
        return self._ask(answer, "DELETE", path)

    def upload(
        self,
        answer: type[A],
        path: str,
        file: Path,
        media_type: str,
        query: dict[str, str],
        headers: dict[str, str],
    ) -> A:
        """The file as the body. What is sent may take long to be dealt with."""
        headers = {**headers, "Content-Type": media_type, "Content-Length": str(file.stat().st_size)}
        with file.open("rb") as content:
            chunks = iter(lambda: content.read(_CHUNK), b"")
            return self._ask(answer, "POST", path, params=query, content=chunks, headers=headers, timeout=_LONG)

    def download(self, path: str, to: Path) -> int:
        """The answer's body into a file that is there as a whole or not at all; how many bytes it has."""
        part = to.with_name(f"{to.name}.part")
        try:
            with self._reaching(), self._http.stream("GET", path, timeout=_LONG) as response:
                if not response.is_success:
                    response.read()
                    raise self._refusal(response)
                with part.open("wb") as file:
                    for chunk in response.iter_bytes(_CHUNK):
                        file.write(chunk)
            part.replace(to)
        except OSError as error:
            raise Invalid.field("--out", f"{to} cannot be written: {error.strerror}") from None
        finally:
            part.unlink(missing_ok=True)
        return to.stat().st_size

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Raises Unreachable for what goes wrong on the way."""
        try:
            yield
        except httpx2.TimeoutException:
            raise Unreachable(f"The server at {self.url} does not answer in time.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unreachable(f"No server can be reached at {self.url} ({_reason(error)}).") from None

    def _ask(self, answer: type[A], method: str, path: str, **request: Any) -> A:
        with self._reaching():
            response = self._http.request(method, path, **request)
        if not response.is_success:
            raise self._refusal(response)
        try:
            return answer.model_validate_json(response.content)
        except ValidationError:
            raise self._no_scene(response) from None

    def _refusal(self, response: httpx2.Response) -> Refusal | Unreachable:
        try:
            problem = Problem.model_validate_json(response.content)
        except ValidationError:
            return self._no_scene(response)
        fields = tuple(FieldError(wrong.field, wrong.message) for wrong in problem.errors)
        hint = " Commands take it from SCENE_TOKEN." if response.status_code == 401 else ""
        return Refusal(response.status_code, problem.code, problem.detail + hint, fields)

    def _no_scene(self, response: httpx2.Response) -> Unreachable:
        """A gateway in front of a server that is being restarted answers 502 to 504: asking again can help."""
        if response.is_redirect:
            place = response.headers.get("location", "elsewhere")
            sentence = f"{self.url} sends on to {place!r}: give the address at which Scene itself answers."
            return Unreachable(sentence, retryable=False)
        status = response.status_code
        said = f"{status} {response.reason_phrase}".strip()
        sentence = f"What answers at {self.url} is not a Scene of this version ({said})."
        return Unreachable(sentence, retryable=status in (502, 503, 504))


def _reason(error: Exception) -> str:
    return re.sub(r"^\[Errno -?\d+\] ", "", str(error)).strip().rstrip(".") or type(error).__name__
