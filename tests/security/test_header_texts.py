"""No text that somebody gives becomes a header of its own: not in an answer, not in what Scene sends."""

import pytest
from fastapi.testclient import TestClient

from tests.support.describe import Story

SPLIT = ["x\r\nX-Evil: 1", "x\nX-Evil: 1", "x\rX-Evil: 1", "x\x00"]


@pytest.mark.parametrize("text", SPLIT)
def test_a_name_is_one_line(client: TestClient, text: str) -> None:
    answer = client.post("/api/projects", json={"name": text, "slug": "shop"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "name")


@pytest.mark.parametrize("text", SPLIT)
@pytest.mark.parametrize("where", ["name", "value"])
def test_a_header_of_a_webhook_is_one_header(client: TestClient, text: str, where: str) -> None:
    headers = {text: "1"} if where == "name" else {"X-Ours": text}
    hook = {"endpoint_url": "https://ci.example.org/", "event_types": ["run.finished"], "custom_headers": headers}
    answer = client.post("/api/webhooks", json=hook)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith("custom_headers")


@pytest.mark.parametrize("text", SPLIT)
def test_a_header_of_a_page_is_one_header(story: Story, text: str) -> None:
    page = {"name": "Home", "url": "/", "headers": {"X-Ours": text}}
    answer = story.client.post(f"/api/projects/{story.project['id']}/pages", json=page)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith("headers")


@pytest.mark.parametrize("text", ["\u017dlu\u0165 \u2028 \U0001f600", 'a"; filename="evil.html', "a\\b; c=d"])
def test_what_a_toast_says_stays_in_its_header(story: Story, text: str) -> None:
    """The web interface tells htmx by a header what was saved."""
    answer = story.client.post("/projects", data={"name": text, "slug": "toast"})
    assert answer.status_code < 400, answer.text
    assert all("evil" not in name for name in answer.headers)
