"""Open a page as somebody, and hand back what the browser has stored."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext
from playwright.sync_api import Error as PlaywrightError

from scene_runner.failure import Failed, plain
from scene_runner.protocol import CaptureJob

_PORTS = {"http": 80, "https": 443}
_STATE = "storage-state.json"


def auth_options(job: CaptureJob) -> dict[str, Any]:
    """What Playwright is told of it when it makes the context."""
    options: dict[str, Any] = {}
    basic = job.auth.basic
    if basic is not None:
        options["http_credentials"] = {
            "username": basic.username,
            "password": basic.password,
            "origin": _origin(job.url),
        }
    if job.auth.storage_state is not None:
        options["storage_state"] = job.auth.storage_state
    return options


def add_cookies(context: BrowserContext, job: CaptureJob) -> None:
    """Those without a domain belong to the host of the job's URL. Raises Failed when the browser refuses one."""
    cookies = [_cookie(cookie, job.url) for cookie in job.auth.cookies]
    if not cookies:
        return
    try:
        context.add_cookies(cookies)
    except PlaywrightError as error:
        raise Failed("navigation", f"The browser refused the auth profile's cookies: {plain(error)}.") from error


def save_state(context: BrowserContext, job: CaptureJob) -> str:
    """Write the cookies and stored values of every origin into the job's folder, for its owner only; the file's name.

    Raises OSError.
    """
    state = context.storage_state()
    path = Path(job.output_dir, _STATE)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(state, file)
    return _STATE


def _cookie(cookie: dict[str, Any], url: str) -> Any:
    given = {name: value for name, value in cookie.items() if value is not None}
    return {"domain": urlsplit(url).hostname or "", "path": "/"} | given


def _origin(url: str) -> str:
    """As browsers write it: without the usual port, international names in ASCII."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host.isascii():
        host = host.encode("idna").decode()
    port = "" if parts.port in (None, _PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
