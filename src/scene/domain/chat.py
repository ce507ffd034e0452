"""Messages for people, in the shapes that Slack and Microsoft Teams take."""

from dataclasses import dataclass
from typing import Any, Literal

from scene.domain.events import Event, attempt_of, clipped
from scene.domain.records import EventType
from scene.domain.status import Status, Verdict
from scene.domain.webhooks import Format

Tone = Literal["good", "warning", "attention", "plain"]
_TITLE_CHARACTERS = 280
_MARKS = {"good": "✅", "warning": "🟡", "attention": "🔴", "plain": "▶️"}
_COLOURS = {"good": "Good", "warning": "Warning", "attention": "Attention", "plain": "Default"}

_HAPPENED = {
    EventType.RUN_STARTED: "run started",
    EventType.RUN_FINISHED: "run ended",
    EventType.RUN_REVIEWED: "run reviewed",
    EventType.BASELINE_FINALIZED: "new baseline",
}


@dataclass(frozen=True)
class News:
    title: str
    text: str
    """One line for each fact."""
    tone: Tone = "plain"
    url: str | None = None
    """Where to look at it."""


def news_of(event: Event, base: str) -> News:
    """One event for people who read a channel. base: of its address, without a slash at the end."""
    run, execution = event.run, event.execution
    batch = f"{event.project.name} / {run.batch_name}"
    where = f"{base}/executions/{execution.id}" if execution else f"{base}/runs/{run.id}"
    if execution is not None:
        said = execution.reason or execution.verdict or execution.status
        title = f"{execution.task_name}: {said.replace('_', ' ')}"
        cell = f"{execution.browser} {execution.viewport.key}"
        lines = [f"{event.type} in {batch}, {cell}, attempt {attempt_of(execution)}", clipped(execution.message)]
        return News(title, "\n".join(filter(None, lines)), _tone(execution.status, execution.verdict), where)
    said = run.reason or run.verdict or run.status
    counts = run.summary
    facts = [
        f"{counts.unchanged} unchanged, {counts.changed} changed, {counts.no_baseline} without a baseline",
        f"{counts.failed} of {counts.total} executions failed" if counts.failed else "",
        f"line {run.line}, asked for by {clipped(run.requested_by)}",
        run.jira_issue or "",
    ]
    title = f"{batch}: {_HAPPENED.get(event.type, event.type)}"
    if event.type is EventType.RUN_FINISHED:
        title = f"{title}, {said.replace('_', ' ')}"
    return News(title, "\n".join(filter(None, facts)), _tone(run.status, run.verdict), where)


def _tone(status: Status, verdict: Verdict | None) -> Tone:
    if status is Status.FAILED or verdict in (Verdict.CHANGED, Verdict.MISSING):
        return "attention"
    if verdict is Verdict.NO_BASELINE:
        return "warning"
    return "good" if status is Status.FINISHED else "plain"


def message_of(style: Format, news: News) -> dict[str, Any]:
    """Names that people gave are shown as they are: nothing in them is formatting, a link or a mention."""
    return _card(news) if style is Format.TEAMS else _blocks(news)


def _blocks(news: News) -> dict[str, Any]:
    """https://api.slack.com/reference/block-kit"""
    title = f"{_MARKS[news.tone]} {_short(news.title)}"
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "plain_text", "text": title, "emoji": True}},
        {"type": "context", "elements": [{"type": "plain_text", "text": news.text, "emoji": False}]},
    ]
    if news.url:
        button = {"type": "button", "text": {"type": "plain_text", "text": "Open in Scene"}, "url": news.url}
        blocks.append({"type": "actions", "elements": [button]})
    # What notifications show; here alone Slack would read links and mentions.
    return {"text": _escaped(title), "blocks": blocks}


def _card(news: News) -> dict[str, Any]:
    """https://adaptivecards.io/schemas/adaptive-card.json, in the envelope of a Teams workflow."""
    title = {"type": "RichTextBlock", "inlines": [_run(_short(news.title), "Medium", _COLOURS[news.tone])]}
    lines = [{"type": "RichTextBlock", "inlines": [_run(line)]} for line in news.text.splitlines()]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [title, *lines],
    }
    if news.url:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open in Scene", "url": news.url}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _run(text: str, size: str = "Default", colour: str = "Default") -> dict[str, Any]:
    """A text run is no Markdown, other than a text block."""
    return {"type": "TextRun", "text": text, "size": size, "color": colour}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _short(text: str) -> str:
    return text if len(text) <= _TITLE_CHARACTERS else text[: _TITLE_CHARACTERS - 1] + "…"
