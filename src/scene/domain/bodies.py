"""The exact bytes of a delivery, in the format that its webhook wants."""

from datetime import datetime

from scene.domain import chat
from scene.domain.catalog import Project
from scene.domain.events import Event, encoded, payload, test_payload
from scene.domain.webhooks import Format, Webhook


def body(event: Event, style: Format, delivery_id: str, public_url: str) -> bytes:
    """JSON in UTF-8, less than events.MAX_BYTES, with absolute URLs below ``public_url``."""
    base = public_url.rstrip("/")
    if style is Format.SCENE:
        return payload(event, delivery_id, base)
    return encoded(chat.message_of(style, chat.news_of(event, base)))


def test_body(webhook: Webhook, project: Project | None, delivery_id: str, occurred_at: datetime) -> bytes:
    if webhook.format is Format.SCENE:
        return test_payload(project, delivery_id, occurred_at)
    news = chat.News("Scene reaches this channel.", "Somebody has asked for a test of its webhook.", tone="good")
    return encoded(chat.message_of(webhook.format, news))
