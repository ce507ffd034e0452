"""Take secrets out of whatever is kept of a job: logs, traces, HAR files, messages.

A secret is replaced wherever its characters stand, also as URLs, JSON, HTML and base64 write it. Values that nobody
names, such as a session cookie that a server has just given, are known by the header, the cookie or the query
parameter that carries them.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import quote, quote_plus

from scene_runner.protocol import COVER

SHORTEST = 4
"""Anything shorter stands everywhere by chance: taking it out would leave no log to read."""
SHORTEST_UNNAMED = 8
"""The same for values of cookies, which are often no more than flags."""
_TOKEN = re.compile(r"[\w.+/=~:-]+")
_LONG = 24
_PIECE = 16

_TELLING = (
    r"(?:access|refresh|id|auth|csrf|xsrf|session|security|bearer|api|user)?[_-]?(?:token|secret|passw(?:or)?d|pwd)"
    r"|api[_-]?key|access[_-]?key|private[_-]?key|authorization|credentials?|sig(?:nature)?|session(?:[_-]?id)?|sid|jwt"
    r"|x-amz-(?:signature|credential|security-token)"
)
_BEFORE = r"(?:[\w.-]{0,30}(?:[_.-]|(?-i:[a-z0-9](?=[A-Z]))))?"
_TELLING_NAME = re.compile(rf"{_BEFORE}(?:{_TELLING})", re.IGNORECASE)
_PARAMETER = re.compile(
    rb"((?:[?&;#]|\\u0026|%3[Ff]|%26)" + f"{_BEFORE}(?:{_TELLING})".encode() + rb"(?:=|%3[Dd]))"
    rb"[^&;#%\s\"'<>\\`${}()]+(?:%(?!26|23)[0-9A-Fa-f]{2}[^&;#%\s\"'<>\\`${}()]*)*",
    re.IGNORECASE,
)
_SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie", "set-cookie"}


def tells_a_secret(name: str) -> bool:
    """Whether the values under a name such as ``api_key`` are secrets, by convention."""
    return bool(_TELLING_NAME.fullmatch(name))


def is_secret_header(name: str) -> bool:
    return name.lower() in _SECRET_HEADERS or tells_a_secret(name)


def parts_of_header(name: str, value: str) -> Iterator[str]:
    """What of a header is secret wherever it stands: the value, credentials without their scheme, each cookie."""
    yield value.strip()
    if name.lower() in ("cookie", "set-cookie"):
        pairs = value.split(";") if name.lower() == "cookie" else value.split(";")[:1]
        values = (pair.partition("=")[2].strip().strip('"') for pair in pairs)
        yield from (each for each in values if len(each) >= SHORTEST_UNNAMED)
        return
    scheme, _, credentials = value.strip().partition(" ")
    if credentials and re.fullmatch(r"[A-Za-z]+", scheme):
        yield credentials.strip()
        if scheme.lower() == "basic":
            yield from _of_basic(credentials)


def _of_basic(credentials: str) -> Iterator[str]:
    try:
        pair = base64.b64decode(credentials, validate=True).decode()
    except ValueError:
        return
    yield pair
    yield pair.partition(":")[2]


class Redactor:
    """The secrets of one job. More may be added while it runs; what is already written is not read again."""

    def __init__(self, secrets: Iterable[str] = (), headers: Mapping[str, str] = MappingProxyType({})) -> None:
        """``headers`` are those that the job sends: their values are left out of every record of a request."""
        self._headers = {name.lower() for name in headers}
        self._secrets: set[str] = set()
        self._forms: list[bytes] = []
        self.add(*secrets)
        for name, value in headers.items():
            if is_secret_header(name) or len(value) >= SHORTEST_UNNAMED:
                self.add(*parts_of_header(name, value))

    def add(self, *secrets: str) -> None:
        new = {secret for secret in secrets if len(secret) >= SHORTEST and secret != COVER} - self._secrets
        if new:
            self._secrets |= new
            forms = {*self._forms, *(form for secret in new for form in _forms(secret))}
            # Longest first: a short form may be the beginning of a long one.
            self._forms = sorted(forms, key=lambda form: (-len(form), form))

    def hides_header(self, name: str) -> bool:
        return is_secret_header(name) or name.lower() in self._headers

    def text(self, text: str) -> str:
        return self.content(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def content(self, content: bytes, *, parameters: bool = True) -> bytes:
        """``parameters``: also the values of query parameters with a telling name, known or not."""
        for form in self._forms:
            if form in content:
                content = content.replace(form, COVER.encode())
        return _PARAMETER.sub(rb"\1" + COVER.encode(), content) if parameters else content


def _forms(secret: str) -> Iterator[bytes]:
    # A server that reads the bytes of a header as Latin-1 shows other characters.
    plain = {secret, secret.encode("utf-8", "surrogatepass").decode("latin-1")}
    if len(secret) >= _LONG and _TOKEN.fullmatch(secret):
        # Browsers shorten long texts in previews of what is logged: a beginning or an end is left.
        plain |= {part for text in plain for part in (text[:_PIECE], text[-_PIECE:])}
    for text in plain:
        yield from (form.encode("utf-8", "surrogatepass") for form in _written(text))
        for form in _base64_forms(text.encode("utf-8", "surrogatepass")):
            yield form.encode()
            yield form.replace("+", "-").replace("/", "_").encode()
            yield quote(form, safe="").encode()


def _written(text: str) -> set[str]:
    """As it stands, and as URLs, JSON and HTML write it, also inside of one another."""
    raw = text.encode("utf-8", "surrogatepass")
    quoted = {quote(raw, safe=safe) for safe in ("", "/", "!'()*~", ";,/?:@&=+$-_.!~*'()#")} | {quote_plus(raw)}
    quoted |= {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in quoted}
    quoted |= {quote(form, safe="") for form in quoted}
    marked = {html.escape(text), html.escape(text, quote=False), text.replace("&", "&amp;").replace('"', "&quot;")}
    forms = {text} | quoted | marked
    for _ in range(2):  # JSON within JSON: what a page posts, in a record of the request
        forms |= {json.dumps(form, ensure_ascii=ascii_only)[1:-1] for form in forms for ascii_only in (True, False)}
        forms |= {form.replace("/", "\\/") for form in forms if "\\/" not in form}
    return forms


def _base64_forms(secret: bytes) -> Iterator[str]:
    """What base64 makes of the secret wherever in a text it begins, without characters shared with its neighbours."""
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + secret).decode()
        begin = (offset * 8 + 5) // 6
        end = (offset + len(secret)) * 8 // 6
        if end - begin >= SHORTEST_UNNAMED:
            yield encoded[begin:end]
