"""What people may write, and how a mistake is named."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from scene.domain.catalog import BatchDraft, PageDraft, ProjectDraft, TaskDraft
from scene.domain.runs import RunDraft
from scene.domain.target import Target
from scene.domain.viewport import Viewport

TASK = {"name": "Home", "page_id": "p", "viewports": [{"width": 1280, "height": 800}]}


def mistake(draft: type[BaseModel], **fields: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        draft.model_validate(fields)
    return str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//example.org",
        "https://",
        "https://user:secret@example.org/",
        "https://exa mple.org/",
        "",
        " ",
        "https://example.org:port/",
        "http://[::1",
    ],
)
def test_a_page_url_that_is_no_web_address_is_refused(url: str) -> None:
    assert "url" in mistake(PageDraft, name="Page", url=url)


@pytest.mark.parametrize(
    "url", ["https://example.org/", "/relative", "?query", "http://[::1]:8080/", "http://localhost:3000"]
)
def test_a_page_url_is_absolute_or_relative(url: str) -> None:
    assert PageDraft(name="Page", url=url).url == url


@pytest.mark.parametrize("text", ["", " ", "\t\n", "x" * 201, "nul\x00", "\ud800"])
def test_a_line_is_text_of_up_to_200_characters(text: str) -> None:
    assert "line" in mistake(RunDraft, batch_id="b", purpose="comparison", line=text)


@pytest.mark.parametrize("name", ["", "   ", "two\nlines", "nul\x00", "x" * 201, "\ud800"])
def test_a_name_is_one_line_of_up_to_200_characters(name: str) -> None:
    assert "name" in mistake(ProjectDraft, name=name, slug="shop")


@pytest.mark.parametrize(
    "name", ["Ünïcödé", "日本語", "🦊 fox", "العربية", "👩\u200d👩\u200d👧", "e\u0301\u0323", "x" * 200]
)
def test_a_name_may_be_in_any_script(name: str) -> None:
    assert ProjectDraft(name=name, slug="shop").name == name


@pytest.mark.parametrize("slug", ["", "Shop", "-shop", "shop-", "a b", "ä", "x" * 65, "shop\n"])
def test_a_slug_is_lower_case_letters_digits_and_hyphens(slug: str) -> None:
    assert "slug" in mistake(ProjectDraft, name="Shop", slug=slug)


@pytest.mark.parametrize("viewport", [{"width": 15, "height": 800}, {"width": 1280}, {"width": "wide", "height": 1}])
def test_an_invalid_viewport_is_named_with_its_position(viewport: dict[str, Any]) -> None:
    assert "viewports.0." in mistake(TaskDraft, **{**TASK, "viewports": [viewport]})


def test_an_unknown_browser_is_named_with_those_that_exist() -> None:
    assert "'chromium', 'firefox' or 'webkit'" in mistake(TaskDraft, **TASK, browsers=["netscape"])


def test_an_unknown_field_is_refused() -> None:
    assert "viewprots" in mistake(TaskDraft, **TASK, viewprots=[])


def test_two_viewports_that_give_the_same_picture_are_refused() -> None:
    twice = [{"width": 390, "height": 844, "name": "a"}, {"width": 390, "height": 844, "name": "b"}]
    assert "viewports names 390x844@1 more than once" in mistake(TaskDraft, **{**TASK, "viewports": twice})


def test_a_task_twice_in_a_batch_is_refused() -> None:
    assert "more than once" in mistake(BatchDraft, name="B", tasks=[{"task_id": "t"}, {"task_id": "t"}])


@pytest.mark.parametrize("header", [{"Bad Name": "x"}, {"X-Ok": "line\r\nbreak"}, {"": "x"}])
def test_a_header_cannot_smuggle_another(header: dict[str, str]) -> None:
    assert "headers" in mistake(PageDraft, name="Page", url="/", headers=header)


def test_only_an_element_has_a_selector() -> None:
    assert "needs a selector" in mistake(Target, kind="element")
    assert "only an element" in mistake(Target, kind="full", selector="h1")


@pytest.mark.parametrize(
    ("viewport", "key"),
    [
        (Viewport(width=1280, height=800), "1280x800@1"),
        (Viewport(name="phone", width=390, height=844, device_scale_factor=3, mobile=True), "390x844@3m"),
        (Viewport(width=390, height=844, device_scale_factor=1.5), "390x844@1.5"),
    ],
)
def test_a_viewport_is_known_by_its_size_scale_and_kind(viewport: Viewport, key: str) -> None:
    assert viewport.key == key
    assert Viewport.of_key(key).key == key


@pytest.mark.parametrize("issue", ["SHOP-1", "A1_B-99"])
def test_a_jira_issue_is_a_key(issue: str) -> None:
    assert BatchDraft(name="B", jira_issue=issue).jira_issue == issue


@pytest.mark.parametrize("issue", ["shop-1", "SHOP", "SHOP-", "<b>-1", "SHOP-1\n"])
def test_what_is_no_jira_key_is_refused(issue: str) -> None:
    assert "jira_issue" in mistake(BatchDraft, name="B", jira_issue=issue)


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({"shift": "ignore"}, "policy.max_shift_rows"),
        ({"max_shift_rows": 5}, "policy.max_shift_rows"),
        ({"shift": "ignore", "max_shift_rows": 0}, "policy.max_shift_rows"),
        ({"shift": "some", "max_shift_rows": 5}, "policy.shift"),
    ],
)
def test_an_ignored_shift_says_up_to_how_many_rows(policy: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TaskDraft.model_validate({**TASK, "policy": policy})
    assert [".".join(map(str, error["loc"])) for error in caught.value.errors()] == [field]


@pytest.mark.parametrize("slug", ["Shop", "-shop", "shop-", "a" * 65, "shop\n", "läden", ""])
def test_a_slug_is_refused_in_words(slug: str) -> None:
    told = mistake(ProjectDraft, name="Shop", slug=slug)
    assert "must be 1 to 64 small letters a to z" in told
    assert "pattern" not in told


def test_a_jira_issue_is_refused_in_words() -> None:
    assert "must be a JIRA issue key such as SHOP-123" in mistake(RunDraft, batch_id="b", jira_issue="shop-1")


def test_the_rule_of_a_text_is_in_its_schema() -> None:
    assert ProjectDraft.model_json_schema()["properties"]["slug"]["pattern"].startswith("^[a-z0-9]")
