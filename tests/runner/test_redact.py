"""Secrets are taken out of texts, however they are written."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from scene_runner.protocol import COVER
from scene_runner.redact import Redactor, parts_of_header, tells_a_secret

SECRET = 's3cr&t "Ü/va+lue=1'
WRITTEN = {
    "plain": SECRET,
    "url": quote(SECRET, safe=""),
    "url with small letters": quote(SECRET, safe="").lower().replace("va%2blue", "va%2blue"),
    "form": quote_plus(SECRET),
    "url in url": quote(quote(SECRET, safe=""), safe=""),
    "json": json.dumps(SECRET),
    "json with umlauts": json.dumps(SECRET, ensure_ascii=False),
    "json in json": json.dumps({"body": json.dumps({"key": SECRET})}),
    "html": html.escape(SECRET),
    "html in json": json.dumps(html.escape(SECRET)),
    **{f"base64 after {before}": base64.b64encode(f"{before}{SECRET}".encode()).decode() for before in ("", "a", "ab")},
    "base64 for URLs": base64.urlsafe_b64encode(f"user:{SECRET}".encode()).decode(),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_secret_is_taken_out_however_it_is_written(written: str) -> None:
    redacted = Redactor([SECRET]).text(f"before {written} after")
    assert COVER in redacted
    for rest in ("s3cr", "lue", "czNjc", "va+", "va%"):
        assert rest not in redacted


def test_the_rest_of_the_text_stays() -> None:
    assert Redactor(["hunter22"]).text("<a href='/x?y=hunter22&z=1'>") == f"<a href='/x?y={COVER}&z=1'>"


@pytest.mark.parametrize(
    ("url", "redacted"),
    [
        ("/a?x=1&token=abc&y=2", "/a?x=1&token=[redacted]&y=2"),
        ("/cb#access_token=a%2Bb&x", "/cb#access_token=[redacted]&x"),
        ("/login?next=%2Fa%3Fapi_key%3Dabc%26x", "/login?next=%2Fa%3Fapi_key%3D[redacted]%26x"),
        ("/s3?X-Amz-Signature=0f&X-Amz-Date=1", "/s3?X-Amz-Signature=[redacted]&X-Amz-Date=1"),
        ("/a?tokenizer=fast&session=morning&page=2", "/a?tokenizer=fast&session=[redacted]&page=2"),
        ("'?token=' + token", "'?token=' + token"),
    ],
)
def test_query_parameters_with_a_telling_name_are_redacted(url: str, redacted: str) -> None:
    assert Redactor().text(url) == redacted


@pytest.mark.parametrize("name", ["token", "STAGING_TOKEN", "db-password", "X-Api-Key", "clientSecret", "sid", "jwt"])
def test_a_name_tells_of_a_secret(name: str) -> None:
    assert tells_a_secret(name)


@pytest.mark.parametrize("name", ["tokens_used", "theme", "keyboard", "passed", "signal", "host"])
def test_a_name_tells_of_no_secret(name: str) -> None:
    assert not tells_a_secret(name)


def test_the_password_of_basic_credentials_is_known() -> None:
    value = "Basic " + base64.b64encode(b"me:open sesame").decode()
    assert "open sesame" in set(parts_of_header("Authorization", value))
    assert Redactor(headers={"Authorization": value}).text("it is open sesame") == f"it is {COVER}"


def test_what_a_preview_leaves_of_a_long_secret_is_redacted() -> None:
    secret = "header-part-of-it." + "x" * 200 + ".signature-at-the-end"
    shortened = Redactor([secret]).text(f"{{token: '{secret[:50]}…{secret[-49:]}'}}")
    assert "header-part-of" not in shortened
    assert "at-the-end" not in shortened
