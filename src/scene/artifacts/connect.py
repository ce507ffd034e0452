"""From an address to a store: what may be named, how long it may be silent, and what its errors say."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from scene.errors import SetupError

if TYPE_CHECKING:  # Not there at run time.
    from obstore.store import ClientConfig, ObjectStore, RetryConfig, S3Config

FAILURES: Final = (BaseError, OSError)
"""What obstore raises when a store fails; a missing object is FileNotFoundError, which is one of them."""

_S3: Final = frozenset({"s3", "s3a"})
_OTHERS: Final = frozenset({"gs", "az", "azure", "adl", "abfs", "abfss"})
_CONNECT_SECONDS: Final = 5
_RETRIES: Final = 3
_PATIENCE: Final = 10
"""A long transfer may take so many times as long as the store may be silent."""
_CAUSES: Final = (
    (r"kind: Timeout|TimedOut", "it did not answer in time"),
    (r"kind: Connect", "it cannot be reached"),
    (r"kind: Interrupted|IncompleteMessage|ConnectionReset|UnexpectedEof", "it broke the connection"),
    (r"(?:os error|Errno) 28\b|StorageFull", "its disk is full"),
    (r"(?:os error|Errno) 30\b|ReadOnlyFilesystem", "its disk is read-only"),
    (r"(?:os error|Errno) 13\b|kind: PermissionDenied", "it may not be written to"),
    (r"(?:os error|Errno) 20\b|NotADirectory", "a file is where a folder should be"),
)


@dataclass(frozen=True)
class StoreOptions:
    """What the address of a store does not say. Credentials come from the environment, in the store's own variables."""

    silence_seconds: float = 30
    """How long the store may be silent. A failing request ends in about twice this time, a retry included."""
    s3_endpoint: str | None = None
    s3_region: str | None = None
    s3_path_style: bool = True
    """The bucket is the first part of the path, not of the host name."""


def connect(url: str, options: StoreOptions) -> "ObjectStore":
    """``file:///folder``, ``s3://bucket/prefix``, ``gs://...`` or ``az://...``; nothing is contacted.

    Raises SetupError, in which no secret is told, for anything else.
    """
    try:
        folder = local_folder(url)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            return LocalStore(folder)
        return _remote(url, options)
    except (*FAILURES, ValueError) as error:
        raise SetupError(f"SCENE_ARTIFACTS_URL: {place(url)} cannot be used: {cause(error)}.") from error


def local_folder(url: str) -> Path | None:
    """The folder that a ``file://`` address names."""
    return Path(unquote(urlsplit(url).path)) if url.startswith("file://") else None


def place(url: str, options: StoreOptions | None = None) -> str:
    """The address without anything that may be a secret: no user, no password, no query."""
    named = _bare(url)
    endpoint = options.s3_endpoint if options and urlsplit(url).scheme in _S3 else None
    return f"{named} at {_bare(endpoint)}" if endpoint else named


def cause(error: Exception) -> str:
    """Why a store failed, in few words; never what it was asked with, which may hold a signature."""
    text = str(error)
    status = re.search(r"non-2xx status code: (\d{3}[\w ]*)", text)
    if status:
        code = re.search(r"<Code>(\w+)</Code>", text)
        return f"it answered {status[1].strip()}{f' ({code[1]})' if code else ''}"
    for pattern, words in _CAUSES:
        if re.search(pattern, text):
            return words
    first_line = text.strip().split("\n", 1)[0]
    return re.sub(r"\w+://\S+", lambda found: _bare(found[0]), first_line).rstrip(".") or type(error).__name__


def _remote(url: str, options: StoreOptions) -> "ObjectStore":
    parts = urlsplit(url)
    if parts.scheme not in _S3 | _OTHERS or not parts.hostname or parts.query:
        raise ValueError("it is like file:///folder, s3://bucket/prefix, gs://bucket/prefix or az://container/prefix")
    if "@" in parts.netloc and not parts.scheme.startswith("abfs"):
        raise ValueError("credentials belong into the store's own variables, such as AWS_SECRET_ACCESS_KEY")
    is_s3 = parts.scheme in _S3
    plain = is_s3 and (options.s3_endpoint or "").startswith("http://")
    return from_url(
        url,
        config=_s3(parts.hostname, options) if is_s3 else None,
        client_options=_client(options, allow_http=plain),
        retry_config=_retries(options),
    )


def _s3(bucket: str, options: StoreOptions) -> "S3Config":
    config: S3Config = {"virtual_hosted_style_request": not options.s3_path_style}
    if options.s3_region:
        config["region"] = options.s3_region
    if options.s3_endpoint:
        endpoint = urlsplit(options.s3_endpoint)
        if endpoint.scheme not in ("http", "https") or not endpoint.hostname or "@" in endpoint.netloc:
            raise ValueError("SCENE_S3_ENDPOINT is like https://s3.example.com, without credentials")
        # obstore takes the endpoint of a virtual-hosted store with the bucket in it.
        host = endpoint.netloc if options.s3_path_style else f"{bucket}.{endpoint.netloc}"
        config["endpoint"] = f"{endpoint.scheme}://{host}{endpoint.path.rstrip('/')}"
    return config


def _client(options: StoreOptions, *, allow_http: bool) -> "ClientConfig":
    silence = options.silence_seconds
    return {
        "allow_http": allow_http,
        "connect_timeout": timedelta(seconds=min(_CONNECT_SECONDS, silence)),
        # Silence, not size, ends a request: a slow reader of a large file is no fault of the store.
        "read_timeout": timedelta(seconds=silence),
        "timeout": timedelta(seconds=silence * _PATIENCE),
    }


def _retries(options: StoreOptions) -> "RetryConfig":
    return {
        "max_retries": _RETRIES,
        "retry_timeout": timedelta(seconds=options.silence_seconds),
        "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=2), "base": 2},
    }


def _bare(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else "that address"
