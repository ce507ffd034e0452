"""An OpenID Connect provider, as Scene talks to it: discovery, the code for a token, and the token verified.

The authorization code flow with PKCE. Signatures are checked by joserfc, what the token claims by Authlib.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast
from urllib.parse import urlsplit

import httpx2
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from scene.errors import AddressRefused, ProviderFailed, Unauthenticated

SIGNATURES: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Never ``none``, and never one by a secret that both sides share."""
_LEEWAY_SECONDS: Final = 60
_MAX_BYTES: Final = 1_000_000
_KNOWN_FOR: Final = timedelta(hours=1)
_ASK_AGAIN: Final = timedelta(minutes=1)
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Client:
    """Scene, as the provider knows it."""

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)
    """None for a public client, which PKCE alone protects."""
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """One sign-in under way: what only the browser that began it has."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


@dataclass(frozen=True)
class _Known:
    """What discovery said, and with which keys the provider signs."""

    document: Mapping[str, Any]
    keys: KeySet
    at: datetime


class Provider:
    """Threads share it."""

    def __init__(self, client: Client, http: Callable[[], httpx2.Client], clock: Callable[[], datetime]) -> None:
        self._client = client
        self._http = http
        self._clock = clock
        self._known: _Known | None = None
        self._turn = threading.Lock()

    @property
    def issuer(self) -> str:
        return self._client.issuer

    def address(self, flow: Flow) -> str:
        """Where a browser is sent to sign in. Raises ProviderFailed."""
        uri: str = prepare_grant_uri(
            str(self._discovered().document["authorization_endpoint"]),
            self._client.client_id,
            "code",
            redirect_uri=flow.redirect_uri,
            scope=" ".join(self._client.scopes),
            state=flow.state,
            nonce=flow.nonce,
            code_challenge=create_s256_code_challenge(flow.verifier),
            code_challenge_method="S256",
        )
        return uri

    def claims(self, code: str, flow: Flow) -> dict[str, Any]:
        """What the provider says of the person, verified. Raises ProviderFailed; Unauthenticated for a token that does
        not prove anything."""
        known = self._discovered()
        answer = self._exchange(code, flow, known.document)
        id_token = answer.get("id_token")
        if not isinstance(id_token, str):
            raise ProviderFailed("The provider gave no id token; is the scope `openid` asked for?")
        token = self._verified(id_token, known)
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._client.client_id},
                "sub": {"essential": True},
            },
            params={
                "client_id": self._client.client_id,
                "nonce": flow.nonce,
                "access_token": answer.get("access_token"),
            },
        )
        try:
            claims.validate(now=int(self._clock().timestamp()), leeway=_LEEWAY_SECONDS)
        except JoseError as error:
            raise Unauthenticated(f"The provider's id token does not hold: {_what(error)}. Sign in again.") from None
        return dict(claims)

    def _verified(self, id_token: str, known: _Known) -> jwt.Token:
        """Once more with fresh keys, since providers change theirs."""
        try:
            return jwt.decode(id_token, known.keys, algorithms=SIGNATURES)
        except (JoseError, ValueError):
            fresh = self._discovered(_ASK_AGAIN)
        try:
            return jwt.decode(id_token, fresh.keys, algorithms=SIGNATURES)
        except (JoseError, ValueError) as error:
            said = _what(error) if isinstance(error, JoseError) else "it is none"
            raise Unauthenticated(f"The provider's id token does not hold: {said}. Sign in again.") from None

    def _exchange(self, code: str, flow: Flow, document: Mapping[str, Any]) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": flow.redirect_uri,
            "code_verifier": flow.verifier,
        }
        auth: httpx2.BasicAuth | None = None
        secret = self._client.client_secret
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if secret is not None and "client_secret_basic" in methods:
            auth = httpx2.BasicAuth(self._client.client_id, secret)
        else:
            form |= {"client_id": self._client.client_id} | ({"client_secret": secret} if secret else {})
        status, answer = self._ask("POST", str(document["token_endpoint"]), data=form, auth=auth)
        if status == 400 and answer.get("error") == "invalid_grant":
            raise Unauthenticated("The provider does not know this sign-in any more. Sign in again.")
        if status != 200:
            said = str(answer.get("error", ""))[:100]
            raise ProviderFailed(f"The provider refused the code with status {status}{f' ({said})' if said else ''}.")
        return answer

    def _discovered(self, at_most: timedelta = _KNOWN_FOR) -> _Known:
        with self._turn:
            if self._known is None or self._clock() - self._known.at >= at_most:
                self._known = self._discover()
            return self._known

    def _discover(self) -> _Known:
        status, document = self._ask("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if status != 200:
            raise ProviderFailed(f"The provider's discovery document answers with status {status}.")
        if document.get("issuer") != self.issuer:
            said = str(document.get("issuer"))[:200]
            raise ProviderFailed(
                f"SCENE_OIDC_ISSUER: the provider says that its issuer is {said!r}, not {self.issuer!r}."
            )
        for name in _ENDPOINTS:
            if urlsplit(str(document.get(name, ""))).scheme not in ("http", "https"):
                raise ProviderFailed(f"The provider's discovery document has no {name}.")
        _, keys = self._ask("GET", str(document["jwks_uri"]))
        try:
            return _Known(document, KeySet.import_key_set(cast("Any", keys)), self._clock())
        except (JoseError, ValueError, KeyError, TypeError):
            raise ProviderFailed("The provider's keys cannot be read.") from None

    def _ask(self, method: str, url: str, **given: Any) -> tuple[int, dict[str, Any]]:
        """The status and the JSON object of an answer; no object where it is none."""
        body = b""
        try:
            with (
                self._http() as client,
                client.stream(method, url, headers={"Accept": "application/json"}, **given) as answer,
            ):
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > _MAX_BYTES:
                        raise ProviderFailed("The provider's answer is too large.")
        except AddressRefused as refusal:
            raise ProviderFailed(f"{refusal.message} SCENE_OUTBOUND_ALLOWED_HOSTS can allow it.") from refusal
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ProviderFailed(
                f"The provider does not answer at {urlsplit(url).netloc}: {error or type(error).__name__}."
            ) from error
        try:
            found = json.loads(body)
        except ValueError:
            found = None
        return answer.status_code, found if isinstance(found, dict) else {}


def _what(error: JoseError) -> str:
    return str(error.description or error.error).rstrip(".")
