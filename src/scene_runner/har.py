"""Copies of HAR files and traces without secrets.

Both describe requests in the form of HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/). What headers, cookies,
forms and JSON carry under a telling name is taken for a secret, and taken out wherever else it stands.
"""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scene_runner.protocol import COVER
from scene_runner.redact import SHORTEST_UNNAMED, Redactor, parts_of_header, tells_a_secret

MAX_TRACE_BYTES = 200_000_000
"""Of everything in it, uncompressed."""
MAX_HAR_BYTES = 20_000_000
_DENSE = {".png", ".jpeg", ".jpg", ".webp", ".gif", ".avif", ".woff", ".woff2", ".mp4", ".webm", ".zip", ".gz"}
_ADDRESSES = {".trace", ".network", ".html", ".json", ".txt"}
"""Where query parameters are looked for; scripts and styles name too much that only looks like one."""
_QUICK = 1


class TooLarge(Exception):
    """A recording that is not kept for its size."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"it has {size / 1e6:.0f} MB, more than the {limit / 1e6:.0f} MB that are kept")


def redact_har(raw: Path, to: Path, redactor: Redactor) -> None:
    """Entries past the size that is kept are left out, and the file's comment says so. Raises OSError."""
    document = json.loads(raw.read_bytes())
    log = document["log"]
    for entry in log["entries"]:
        _clear(entry, redactor)
    entries = [_dump(entry) for entry in log["entries"]]
    kept, size = 0, 0
    for entry in entries:
        size += len(entry)
        if size > MAX_HAR_BYTES:
            log["comment"] = f"Cut off: {len(entries) - kept} of {len(entries)} requests are not in this file."
            break
        kept += 1
    head = _dump({**document, "log": {**log, "entries": []}})
    before, _, after = head.partition(b'"entries":[]')
    content = before + b'"entries":[' + b",\n".join(entries[:kept]) + b"]" + after
    to.write_bytes(redactor.content(content))


def redact_trace(raw: Path, to: Path, redactor: Redactor) -> None:
    """A copy that the trace viewer shows as it shows the original. Raises TooLarge and OSError."""
    with zipfile.ZipFile(raw) as given, zipfile.ZipFile(to, "w") as kept:
        entries = given.infolist()
        size = sum(entry.file_size for entry in entries)
        if size > MAX_TRACE_BYTES:
            raise TooLarge(size, MAX_TRACE_BYTES)
        networks = {}
        # All secrets are learnt before anything is written.
        for entry in entries:
            suffix = Path(entry.filename).suffix
            if suffix == ".network":
                networks[entry.filename] = b"".join(_cleared_lines(given.read(entry), redactor))
            elif suffix == ".json":
                _learn_from_json(given.read(entry), redactor)
        for entry in entries:
            suffix = Path(entry.filename).suffix
            if suffix == ".stacks":
                continue  # of the runner's own program
            content = networks.get(entry.filename) or given.read(entry)
            content = redactor.content(content, parameters=suffix in _ADDRESSES)
            packed = zipfile.ZIP_STORED if suffix in _DENSE else zipfile.ZIP_DEFLATED
            kept.writestr(entry.filename, content, packed, _QUICK)


def _cleared_lines(lines: bytes, redactor: Redactor) -> Iterator[bytes]:
    for line in lines.splitlines():
        record = json.loads(line)
        if "request" in record.get("snapshot", {}):
            _clear(record["snapshot"], redactor)
        yield _dump(record) + b"\n"


def _clear(entry: dict[str, Any], redactor: Redactor) -> None:
    """Take the values of secret headers, cookies and parameters out of a request, and learn them."""
    request, response = entry["request"], entry["response"]
    for header in (*request.get("headers", []), *response.get("headers", [])):
        if redactor.hides_header(header["name"]):
            redactor.add(*parts_of_header(header["name"], header["value"]))
            header["value"] = COVER
    for cookie in (*request.get("cookies", []), *response.get("cookies", [])):
        _take(cookie, redactor, SHORTEST_UNNAMED)
    posted = request.get("postData", {})
    for parameter in (*request.get("queryString", []), *posted.get("params", [])):
        if tells_a_secret(parameter.get("name", "")):
            _take(parameter, redactor, 0)
    if "json" in posted.get("mimeType", ""):
        _learn_from_json(posted.get("text", "").encode(), redactor)


def _take(named: dict[str, Any], redactor: Redactor, shortest: int) -> None:
    value = named.get("value", "")
    if len(value) >= shortest:
        redactor.add(value)
    named["value"] = COVER


def _learn_from_json(content: bytes, redactor: Redactor) -> None:
    """Such as the token in the answer to a sign-in."""
    try:
        document = json.loads(content)
    except ValueError:
        return
    redactor.add(*_told(document))


def _told(document: object) -> Iterator[str]:
    if isinstance(document, dict):
        for name, value in document.items():
            if isinstance(value, str) and len(value) >= SHORTEST_UNNAMED and tells_a_secret(name):
                yield value
            else:
                yield from _told(value)
    elif isinstance(document, list):
        for each in document:
            yield from _told(each)


def _dump(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
