"""What a task leaves open is what its project says, else the settings."""

import pytest
from pydantic import ValidationError

from scene.domain.catalog import ProjectDraft
from scene.domain.options import CaptureDefaults, CaptureOptions, FrozenCaptureOptions
from scene.services.editing import field_path

NOTHING = CaptureOptions()


def test_the_nearest_word_counts() -> None:
    settings = CaptureDefaults(script_timeout_ms=700, action_timeout_ms=800, execution_timeout_ms=9_000)
    project = CaptureOptions(script_timeout_ms=701, action_timeout_ms=801, locale="de-DE", stable_frames=3)
    task = CaptureOptions(script_timeout_ms=702, locale="fr-FR", load_lazy=False)
    frozen = task.with_defaults(project, settings)
    assert (frozen.script_timeout_ms, frozen.action_timeout_ms, frozen.execution_timeout_ms) == (702, 801, 9_000)
    assert (frozen.locale, frozen.stable_frames, frozen.load_lazy) == ("fr-FR", 3, False)


def test_nothing_said_anywhere_is_the_default() -> None:
    assert NOTHING.with_defaults(NOTHING, CaptureDefaults()) == FrozenCaptureOptions()


def test_every_option_is_frozen() -> None:
    frozen_elsewhere = {"extra_headers"}
    assert set(CaptureOptions.model_fields) - frozen_elsewhere == set(FrozenCaptureOptions.model_fields)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("timezone_id", "Europe/Atlantis", "time zone"),
        ("timezone_id", "CEST+2", "time zone"),
        ("locale", "de_DE", "language tag"),
        ("locale", "", "language tag"),
        ("color_scheme", "sepia", "light"),
        ("user_agent", "a\nb", "one line"),
        ("extra_headers", {"a b": "x"}, "header name"),
        ("blocked_urls", ["*"], "every request"),
        ("blocked_urls", ["https://a b/"], "spaces"),
        ("fixed_time", "2026-01-01T00:00:00", "timezone"),
        ("fixed_time", "yesterday", "datetime"),
        ("random_seed", -1, "greater"),
        ("navigation_timeout_ms", 0, "greater"),
    ],
)
def test_what_no_browser_knows_is_refused_with_the_field_named(field: str, value: object, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ProjectDraft.model_validate({"name": "P", "slug": "p", "capture": {field: value}})
    problem = refused.value.errors()[0]
    assert field_path(problem["loc"]).startswith(f"capture.{field}")
    assert words in problem["msg"]


@pytest.mark.parametrize("locale", ["de", "de-CH-1996", "zh-Hant-TW", "es-419", "sl-rozaj", "en-US-u-hc-h12"])
def test_language_tags(locale: str) -> None:
    assert CaptureOptions(locale=locale).locale == locale


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("Ads.Example.org", "ads.example.org"),
        ("*.example.org", "*.example.org"),
        ("localhost:3000", "localhost:3000"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("[::1]:80", "[::1]:80"),
    ],
)
def test_hosts(given: str, stored: str) -> None:
    assert ProjectDraft(name="P", slug="p", denied_hosts=[given]).denied_hosts == [stored]


@pytest.mark.parametrize("host", ["https://example.org", "a b", "*", "a.*.b", "example.org/path", "", "-", "a..b"])
def test_what_is_no_host(host: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ProjectDraft.model_validate({"name": "P", "slug": "p", "dismissals": {"blocked_hosts": ["ok.org", host]}})
    assert field_path(refused.value.errors()[0]["loc"]) == "dismissals.blocked_hosts[1]"
