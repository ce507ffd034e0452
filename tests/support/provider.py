"""A small OpenID Connect provider: real HTTP, real keys, really signed tokens; and as wrong as a test wants it."""

import json
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.support.loopback import Loopback

Claims = dict[str, Any]
CLIENT_ID, CLIENT_SECRET = "scene", "s3cret of the client"


class Provider(Loopback):
    def __init__(self) -> None:
        self.key: RSAKey | ECKey = RSAKey.generate_key(2048, {"kid": "first"})
        self.person: Claims = {"sub": "4711", "email": "Eve@Example.org", "email_verified": True}
        self.changed: Callable[[Claims], Claims] = lambda claims: claims
        """What it does to the claims before it signs them."""
        self.signed: Callable[[Claims], str] = self.sign
        self.document: Claims = {}
        """What its discovery document says in other words."""
        self.broken: dict[str, tuple[int, bytes]] = {}
        """Paths that answer with a status and a body of their own."""
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        """Paths, in their order."""
        super().__init__(_Handler)

    def sign(self, claims: Claims) -> str:
        algorithm = "RS256" if isinstance(self.key, RSAKey) else "ES256"
        return jwt.encode({"alg": algorithm, "kid": self.key.kid}, claims, self.key, algorithms=[algorithm])

    def discovery(self) -> Claims:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        } | self.document

    def keys(self) -> Claims:
        return dict(KeySet([self.key]).as_dict(private=False))

    def authorize(self, address: str) -> str:
        """Where a browser that was sent to an address is sent back to, once the person has signed in."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        given = b64decode(authorization.removeprefix("Basic ") or "").decode()
        secret = given.partition(":")[2] if given else form.get("client_secret")
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if secret != CLIENT_SECRET:
            return 401, {"error": "invalid_client"}
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": asked["client_id"], "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        token = self.signed(self.changed(claims | self.person))
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = {"/.well-known/openid-configuration": self._provider.discovery, "/keys": self._provider.keys}
        path = urlsplit(self.path).path
        if path == "/authorize":
            self.send_response(303)
            self.send_header("Location", self._provider.authorize(self.path))
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._answer(path, *((200, known[path]()) if path in known else (404, {})))

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self._answer(self.path, *self._provider.token(form, self.headers.get("Authorization", "")))

    @property
    def _provider(self) -> Provider:
        provider: Provider = self.server.site  # type: ignore[attr-defined]
        return provider

    def _answer(self, path: str, status: int, document: Claims) -> None:
        self._provider.asked.append(path)
        status, body = self._provider.broken.get(path, (status, json.dumps(document).encode()))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not on the tests' own output."""
