"""A web site on loopback that wants to know who you are, by each of the usual ways."""

import base64
from http.server import BaseHTTPRequestHandler
from typing import cast
from urllib.parse import parse_qs, urlsplit

from tests.support.loopback import Loopback, SiteServer

USER, PASSWORD, SESSION, TOKEN = "ann", "open sesame/ä+", "session-1f0e3dad", "token-98f13708"
BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
_LOGIN = """<form method=post action=/login><input name=user id=user><input name=password id=password type=password>
<button id=go>Sign in</button></form>
<script>password.onchange = () => console.log('typed ' + password.value)</script>"""
_ACCOUNT = "<h1>Your account</h1><div style='width:200px;height:100px;background:lime'></div>"
_STORED = "<h1 id=who></h1><script>who.textContent = localStorage.token === '%s' ? 'Ann' : 'Nobody'</script>"


class Members(Loopback):
    """``/basic`` wants credentials, ``/account`` the cookie that ``/login`` gives, ``/stored`` a stored token,
    ``/header`` a header; ``/says`` logs and answers with what it gets."""

    def __init__(self) -> None:
        self.visits: list[tuple[str, str, dict[str, str]]] = []
        """Host, path and headers (lower case) of each request."""
        self.logins = 0
        self.password = PASSWORD
        super().__init__(_Handler)

    def sent(self, name: str, path: str, host: str = "127.0.0.1") -> list[str | None]:
        """One header of the requests of a path."""
        return [
            headers.get(name) for to, of, headers in list(self.visits) if of == path and to.partition(":")[0] == host
        ]


class _Handler(BaseHTTPRequestHandler):
    @property
    def site(self) -> Members:
        return cast(Members, cast(SiteServer, self.server).site)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.site.visits.append((self.headers["Host"], path, headers))
        if path == "/basic":
            if headers.get("authorization") == BASIC:
                self._answer(200, _ACCOUNT + f"<img src={self.site.other_origin}/elsewhere>")
            else:
                self._answer(401, "Who are you?", ("WWW-Authenticate", 'Basic realm="members"'))
        elif path == "/account":
            signed_in = f"session={SESSION}" in headers.get("cookie", "")
            self._answer(200, _ACCOUNT) if signed_in else self._answer(302, "", ("Location", "/login"))
        elif path == "/login":
            self._answer(200, _LOGIN)
        elif path == "/stored":
            self._answer(200, _STORED % TOKEN)
        elif path == "/header":
            self._answer(200 if headers.get("x-key") else 403, _ACCOUNT)
        elif path == "/says":
            said = f"{headers.get('cookie', '')} {headers.get('authorization', '')} {headers.get('x-key', '')}"
            self._answer(200, f"<h1>Said</h1><script>console.log({said!r}); throw new Error({said!r})</script>")
        elif path == "/elsewhere" and "authorization" not in headers:
            self._answer(401, "Who are you?", ("WWW-Authenticate", 'Basic realm="elsewhere"'))
        else:
            self._answer(404, "Not here")

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.site.logins += 1
        if form.get("user") == [USER] and form.get("password") == [self.site.password]:
            self._answer(
                302, "", ("Set-Cookie", f"session={SESSION}; HttpOnly; Path=/; Max-Age=3600"), ("Location", "/account")
            )
        else:
            self._answer(200, "<h1>Wrong password</h1>")

    def _answer(self, status: int, body: str, *headers: tuple[str, str]) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass
