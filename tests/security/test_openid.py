"""People come in by an OpenID Connect provider: a real one, that signs its tokens, and can be wrong in every way."""

import html
import json
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from scene.bootstrap import Scene
from scene.domain.access import Scope, UserDraft
from scene.domain.filters import AuditFilter
from scene.domain.records import AuditEntry
from scene.errors import SetupError, Unauthenticated
from scene.outbound.gate import Gate
from scene.outbound.openid import Client, Flow
from scene.outbound.openid import Provider as OpenIdProvider
from scene.outbound.transport import guarded_client
from scene.server import create_app
from scene.settings import load_settings
from scene.store.values import SliceRequest
from tests.conftest import MakeScene
from tests.security.conftest import OPERATOR, PASSWORD
from tests.support.loopback import Loopback
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Claims, Provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


@pytest.fixture
def start(make_scene: MakeScene, provider: Provider) -> Callable[..., Scene]:
    """A Scene that knows the provider."""

    def make(**settings: Any) -> Scene:
        known = {"oidc_issuer": provider.url, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
        return make_scene(**(known | settings))

    return make


def browser(scene: Scene) -> TestClient:
    app = create_app(scene.services, scene.settings)
    return TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False, follow_redirects=False)


def sign_in(client: TestClient, wanted: str = "/runs") -> httpx2.Response:
    """Out to the provider, and back: the last answer of Scene."""
    left = client.get("/sign-in/oidc", params={"next": wanted})
    assert left.status_code == 303, left.text
    sent_back = httpx2.get(left.headers["location"]).headers["location"]
    return client.get(sent_back.removeprefix("http://127.0.0.1:8000"))  # type: ignore[return-value]


def problem(answer: httpx2.Response) -> str:
    found = re.search(r'role="alert">(.*?)</div>', answer.text)
    assert found is not None, answer.text
    return html.unescape(found[1])


def newest(scene: Scene) -> AuditEntry:
    return scene.services.audit.newest(AuditFilter(), SliceRequest(limit=1)).items[0]


def test_a_person_comes_in_and_is_known_from_then_on(start: Callable[..., Scene], provider: Provider) -> None:
    scene = start()
    client = browser(scene)
    answer = sign_in(client, "/runs?status=failed")
    assert (answer.status_code, answer.headers["location"]) == (303, "/runs?status=failed")
    assert client.get("/api/me").json() == {
        "type": "user",
        "name": "eve@example.org",
        "scope": "write",
        "means": "oidc",
    }
    assert (newest(scene).action, newest(scene).actor.id) == ("session.opened", "eve@example.org")
    provider.person |= {"email": "eve.new@example.org"}
    again = browser(scene)
    assert sign_in(again).status_code == 303
    assert again.get("/api/me").json()["name"] == "eve@example.org"
    assert len(scene.services.users.newest(SliceRequest()).items) == 1


def test_with_a_provider_nothing_is_open(start: Callable[..., Scene]) -> None:
    client = browser(start())
    assert client.get("/api/projects").status_code == 401
    page = client.get("/sign-in")
    assert "Sign in with 127.0.0.1" in page.text
    assert 'href="/sign-in/oidc?next=/"' in page.text


def test_what_is_asked_for_is_bound_to_this_browser(start: Callable[..., Scene], provider: Provider) -> None:
    left = browser(start(public_url="https://scene.example", oidc_scopes=["email"])).get("/sign-in/oidc")
    asked = parse_qs(urlsplit(left.headers["location"]).query)
    assert asked["redirect_uri"] == ["https://scene.example/sign-in/oidc/callback"]
    assert asked["scope"] == ["openid email"]
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    assert len({asked[name][0] for name in ("state", "nonce", "code_challenge")}) == 3
    cookie = left.headers["set-cookie"]
    assert cookie.startswith("__Host-scene_oidc=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Max-Age=600"} <= set(cookie.split("; "))
    assert asked["nonce"][0] not in cookie


def stale(claims: Claims) -> Claims:
    return claims | {"iat": int(time.time()) - 900, "exp": int(time.time()) - 600}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda claims: claims | {"nonce": "another"}, "nonce"),
        (lambda claims: {name: value for name, value in claims.items() if name != "nonce"}, "nonce"),
        (lambda claims: claims | {"aud": "somebody else"}, "aud"),
        (lambda claims: claims | {"aud": ["scene", "other"]}, "azp"),
        (lambda claims: claims | {"azp": "other"}, "azp"),
        (lambda claims: claims | {"iss": "https://evil.example"}, "iss"),
        (stale, "expired"),
        (lambda claims: {name: value for name, value in claims.items() if name != "exp"}, "exp"),
        (lambda claims: {name: value for name, value in claims.items() if name != "sub"}, "sub"),
        (lambda claims: claims | {"at_hash": "wrong"}, "at_hash"),
        (lambda claims: claims | {"nbf": int(time.time()) + 3_600}, "not yet valid"),
    ],
)
def test_a_token_that_says_something_else_is_refused(
    start: Callable[..., Scene], provider: Provider, changed: Callable[[Claims], Claims], said: str
) -> None:
    scene = start()
    provider.changed = changed
    client = browser(scene)
    answer = sign_in(client)
    assert answer.status_code == 401
    assert "id token does not hold" in problem(answer)
    assert said in problem(answer)
    assert client.get("/api/me").status_code == 401
    assert (newest(scene).action, newest(scene).data["means"]) == ("session.refused", "oidc")
    assert scene.services.users.newest(SliceRequest()).items == []


def forged(claims: Claims) -> str:
    """By another key that says it is the known one."""
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, RSAKey.generate_key(2048, {"kid": "first"}))


def unsigned(claims: Claims) -> str:
    parts = ({"alg": "none"}, claims)
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def by_the_shared_secret(claims: Claims) -> str:
    return jwt.encode(
        {"alg": "HS256", "kid": "first"}, claims, OctKey.import_key(CLIENT_SECRET * 3), algorithms=["HS256"]
    )


@pytest.mark.parametrize("signed", [forged, unsigned, by_the_shared_secret, lambda _: "no.token.atall", lambda _: ""])
def test_a_signature_that_is_not_the_providers_is_refused(
    start: Callable[..., Scene], provider: Provider, signed: Callable[[Claims], str]
) -> None:
    provider.signed = signed
    client = browser(start())
    answer = sign_in(client)
    assert answer.status_code == 401
    assert "id token does not hold" in problem(answer)
    assert client.get("/api/me").status_code == 401


def test_new_keys_of_the_provider_are_fetched_but_not_at_every_try(provider: Provider) -> None:
    now = [datetime.now(UTC)]
    client = Client(provider.url, CLIENT_ID, CLIENT_SECRET, ("openid",))
    gate = Gate(["127.0.0.1"])
    openid = OpenIdProvider(client, lambda: guarded_client(gate, seconds=5), lambda: now[0])

    def claims() -> Claims:
        flow = Flow("state", "nonce", "verifier" * 8, "https://scene.example/sign-in/oidc/callback")
        back = provider.authorize(openid.address(flow))
        return openid.claims(parse_qs(urlsplit(back).query)["code"][0], flow)

    assert claims()["sub"] == "4711"
    provider.key = ECKey.generate_key("P-256", {"kid": "second"})
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            claims()
    now[0] += timedelta(seconds=61)
    assert claims()["sub"] == "4711"
    assert provider.asked.count("/keys") == 2


@pytest.mark.parametrize(
    "returned", ["code=code-0&state=guessed", "code=code-0", "state=&code=", "error=access_denied"]
)
def test_a_way_back_that_nobody_began_here_is_refused(
    start: Callable[..., Scene], provider: Provider, returned: str
) -> None:
    client = browser(start())
    client.get("/sign-in/oidc")
    for _ in range(2):  # with what this browser kept, and without
        answer = client.get(f"/sign-in/oidc/callback?{returned}")
        assert (answer.status_code, "did not begin in this browser" in problem(answer)) == (401, True)
    assert "/token" not in provider.asked


def test_each_way_back_is_good_once(start: Callable[..., Scene], provider: Provider) -> None:
    scene = start()
    client = browser(scene)
    left = client.get("/sign-in/oidc")
    kept = left.headers["set-cookie"].partition(";")[0]
    back = provider.authorize(left.headers["location"]).removeprefix("http://127.0.0.1:8000")
    assert client.get(back).status_code == 303
    answer = browser(scene).get(back, headers={"Cookie": kept})
    assert (answer.status_code, "does not know this sign-in any more" in problem(answer)) == (401, True)


def test_what_the_provider_refuses_is_said(start: Callable[..., Scene], provider: Provider) -> None:
    client = browser(start())
    left = client.get("/sign-in/oidc")
    state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
    said = {"state": state, "error": "access_denied", "error_description": "Not <b>you</b>"}
    answer = client.get("/sign-in/oidc/callback", params=said)
    assert (answer.status_code, problem(answer)) == (401, "The provider did not sign you in: Not <b>you</b>")
    assert "<b>you" not in answer.text


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"/.well-known/openid-configuration": (503, b"down")}, "discovery document answers with status 503"),
        ({"/.well-known/openid-configuration": (200, b"<html>")}, "its issuer is 'None'"),
        ({"/.well-known/openid-configuration": (200, b"[" * 2_000_000)}, "too large"),
        ({"/keys": (200, b"{}")}, "keys cannot be read"),
        ({"/keys": (404, b"")}, "keys cannot be read"),
    ],
)
def test_a_provider_that_is_broken_is_said_before_anybody_goes_there(
    start: Callable[..., Scene], provider: Provider, broken: dict[str, tuple[int, bytes]], said: str
) -> None:
    client = browser(start())
    provider.broken = broken
    answer = client.get("/sign-in/oidc")
    assert (answer.status_code, said in problem(answer)) == (502, True), problem(answer)
    provider.broken = {}
    assert sign_in(client).status_code == 303


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ((503, b"down"), "refused the code with status 503"),
        ((401, b'{"error": "invalid_client"}'), "status 401 (invalid_client)"),
        ((200, b"{}"), "gave no id token"),
        ((302, b""), "status 302"),
    ],
)
def test_a_provider_that_gives_no_token_is_said(
    start: Callable[..., Scene], provider: Provider, broken: tuple[int, bytes], said: str
) -> None:
    client = browser(start())
    provider.broken = {"/token": broken}
    answer = sign_in(client)
    assert (answer.status_code, said in problem(answer)) == (502, True), problem(answer)


def test_a_provider_that_is_down_is_said_and_passwords_still_work(start: Callable[..., Scene]) -> None:
    with Loopback(BaseHTTPRequestHandler) as gone:
        issuer = gone.url
    scene = start(oidc_issuer=issuer)
    scene.services.users.add(UserDraft(name="ann", role=Scope.ADMIN), PASSWORD, OPERATOR)
    client = browser(scene)
    answer = client.get("/sign-in/oidc")
    assert (answer.status_code, "does not answer at" in problem(answer)) == (502, True)
    sent = client.post(
        "/sign-in", data={"name": "ann", "password": PASSWORD}, headers={"Origin": "http://127.0.0.1:8000"}
    )
    assert sent.status_code == 303


def test_another_issuer_than_the_settings_name_is_refused(start: Callable[..., Scene], provider: Provider) -> None:
    provider.document = {"issuer": "https://evil.example"}
    answer = browser(start()).get("/sign-in/oidc")
    assert answer.status_code == 502
    assert problem(answer).startswith("SCENE_OIDC_ISSUER: the provider says that its issuer is 'https://evil.example'")


def test_what_the_provider_sends_scene_to_is_vetted(start: Callable[..., Scene], provider: Provider) -> None:
    provider.document = {"jwks_uri": "http://169.254.169.254/latest/meta-data"}
    answer = browser(start()).get("/sign-in/oidc")
    assert (answer.status_code, "SCENE_OUTBOUND_ALLOWED_HOSTS" in problem(answer)) == (502, True)


@pytest.mark.parametrize(
    ("person", "settings", "said"),
    [
        ({"email_verified": False}, {}, "does not say that your email address is verified"),
        ({"email": None}, {}, "says no email"),
        ({"email": "not an address"}, {}, "says no email"),
        ({"email": "eve@\u00fcber.example"}, {}, "cannot be used here"),
        ({}, {"oidc_name_claim": "preferred_username"}, "says no preferred_username"),
        ({}, {"oidc_email_domains": ["example.com"]}, "at example.org do not come in"),
        ({"email": "eve@evil.com@example.com"}, {"oidc_email_domains": ["example.com"]}, "says no email"),
        ({}, {"new_user_role": "none"}, "an administrator adds people"),
    ],
)
def test_who_may_not_come_in_is_told_why(
    start: Callable[..., Scene], provider: Provider, person: Claims, settings: dict[str, Any], said: str
) -> None:
    provider.person |= person
    client = browser(start(**settings))
    answer = sign_in(client)
    assert answer.status_code == 403
    assert said in problem(answer)
    assert client.get("/api/me").status_code == 401


def test_a_domain_that_is_named_may_come_in(start: Callable[..., Scene]) -> None:
    assert sign_in(browser(start(oidc_email_domains=["Example.org"]))).status_code == 303


def test_who_was_added_before_keeps_the_role(start: Callable[..., Scene]) -> None:
    scene = start(new_user_role="none")
    scene.services.users.add(UserDraft(name="eve@example.org", role=Scope.ADMIN), None, OPERATOR)
    client = browser(scene)
    assert sign_in(client).status_code == 303
    assert client.get("/api/me").json()["scope"] == "admin"


@pytest.mark.parametrize("enabled", [True, False])
def test_nobody_takes_over_the_account_of_a_password(start: Callable[..., Scene], enabled: bool) -> None:
    scene = start()
    user = scene.services.users.add(UserDraft(name="eve@example.org", role=Scope.ADMIN), PASSWORD, OPERATOR)
    scene.services.users.add(UserDraft(name="ann", role=Scope.ADMIN), PASSWORD, OPERATOR)
    scene.services.users.update(user.id, {"enabled": enabled}, None, OPERATOR)
    assert sign_in(browser(scene)).status_code == 403


def test_nobody_takes_over_the_account_of_another_subject(start: Callable[..., Scene], provider: Provider) -> None:
    scene = start()
    assert sign_in(browser(scene)).status_code == 303
    provider.person |= {"sub": "another"}
    answer = sign_in(browser(scene))
    assert (answer.status_code, "comes in by other means here" in problem(answer)) == (403, True)


def test_who_may_no_longer_come_in_is_refused(start: Callable[..., Scene]) -> None:
    scene = start()
    assert sign_in(browser(scene)).status_code == 303
    (user,) = scene.services.users.newest(SliceRequest()).items
    scene.services.users.update(user.id, {"enabled": False}, None, OPERATOR)
    assert sign_in(browser(scene)).status_code == 403


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(
    start: Callable[..., Scene], provider: Provider
) -> None:
    provider.document = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert sign_in(browser(start())).status_code == 303


def test_it_leads_nowhere_else(start: Callable[..., Scene]) -> None:
    assert sign_in(browser(start()), "https://evil.example/").headers["location"] == "/"


def test_without_a_provider_there_is_no_such_way(scene: Scene) -> None:
    client = browser(scene)
    for path in ("/sign-in/oidc", "/sign-in/oidc/callback"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"oidc_issuer": "https://login.example.org"}, "SCENE_OIDC_ISSUER and SCENE_OIDC_CLIENT_ID need each other"),
        ({"oidc_issuer": "http://login.example.org", "oidc_client_id": "x"}, "begins with https://"),
        ({"oidc_issuer": "https://a@evil.example", "oidc_client_id": "x"}, "begins with https://"),
        ({"oidc_email_domains": ["@example.org"]}, "is not a domain"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(SetupError, match=said):
        load_settings(**settings)
