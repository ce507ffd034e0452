"""A person makes a webhook, tries it, and sees what was sent."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints
from tests.e2e.test_accessibility import Theme, both_themes, violations
from tests.support.describe import Story
from tests.support.receiver import Answer, Receiver


@pytest.mark.live
def test_from_the_empty_tab_to_a_delivery(page: Page, story: Story, complaints: Complaints) -> None:
    with Receiver() as receiver:
        page.goto(f"/projects/{story.project['id']}/webhooks")
        page.get_by_role("button", name="webhook").first.click()
        page.get_by_label("Endpoint URL").fill("http://10.0.0.1/")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#field-endpoint_url-error")).to_contain_text("private address")
        page.get_by_label("Endpoint URL").fill(receiver.url)
        page.get_by_role("button", name="Save").click()
        secret = page.get_by_label("Its secret").input_value()
        assert secret.startswith("whsec_")
        page.get_by_role("button", name="I have copied it").click()
        page.get_by_role("link", name=receiver.url).click()
        expect(page.get_by_role("heading", name="Deliveries")).to_be_visible()
        page.wait_for_load_state()  # its buttons do nothing before
        webhook = page.url
        receiver.answers.append(Answer(500, {}, b"not today"))
        page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_role("cell", name="500")).to_be_visible(timeout=20_000)
        page.get_by_role("link", name="webhook.test").click()
        expect(page.locator("#delivery")).to_contain_text("not today")
        assert [each for each in complaints.console if "422" not in each] == []
        page.goto(webhook)
        page.get_by_role("button", name="Delete").click()
        page.get_by_role("button", name="Delete", exact=True).last.click()
        expect(page).to_have_url(re.compile("/webhooks$"))


@both_themes
@pytest.mark.live
def test_its_pages_can_be_used_by_everybody(page: Page, story: Story, theme: Theme) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colour is judged while it fades
    with Receiver() as receiver:
        body = {"endpoint_url": receiver.url, "event_types": ["run.finished"], "custom_headers": {"X-Key": "k"}}
        webhook = story.post("/api/webhooks", **body, project_id=story.project["id"])
        own = f"/webhooks/{webhook['id']}"
        delivery = story.client.post(f"/api{own}/test").json()
        receiver.wait_for(1)
        found = []
        for path in ("/webhooks", f"/projects/{story.project['id']}/webhooks", own, f"/deliveries/{delivery['id']}"):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            found += violations(page)
        for name in ("Edit", "Rotate", "Send again…"):
            page.goto(own)
            page.get_by_role("button", name=name).first.click()
            expect(page.get_by_role("dialog")).to_be_visible()
            found += violations(page)
        assert not found, "\n".join(found)
        story.client.delete(f"/api{own}")
