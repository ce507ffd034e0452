"""Two who decide at once: what the other one did first stays, and is said."""

import httpx2

from scene.cli.deciding import decide
from tests.client.test_client import asking

EXECUTION = {
    "id": "e1", "task_name": "Home", "page_name": "Home", "browser": "chromium",
    "viewport": {"width": 300, "height": 200}, "status": "finished", "reason": None, "message": "",
    "verdict": "changed", "percent_changed": 1.0, "changed_pixels": 9, "level": "minor", "renderer_differs": None,
    "reference_differs": None, "url": "/executions/e1",
}  # fmt: skip


def _shot(shot_id: str) -> dict[str, object]:
    known = {"execution_id": "e1", "target": "full", "verdict": "changed", "sentence": "One region.", "unstable": False}
    return {**known, "id": shot_id, "review": {"decision": "pending"}}


def _server(request: httpx2.Request) -> httpx2.Response:
    """Where bob decides between the list and the decision."""
    if request.method == "POST":
        skipped = {"screenshot_id": "s1", "reason": "decided", "decision": "rejected", "by": "bob"}
        answer = {"group_id": "g1", "decision": "approved", "screenshot_ids": ["s2"], "skipped": [skipped]}
        return httpx2.Response(200, json=answer)
    items = [EXECUTION] if request.url.path.endswith("/executions") else [_shot("s2"), _shot("s1")]
    return httpx2.Response(200, json={"items": items, "next_cursor": None})


def test_what_somebody_else_decided_meanwhile_stays_and_is_said() -> None:
    with asking(_server) as client:
        found = decide(client, "r1", "approved", [], "", dry_run=False, allow_superseded=False)
    assert [each.shot.id for each in found.chosen] == ["s2"]
    assert [(each.shot.id, why) for each, why in found.left_alone] == [("s1", "bob rejected it first")]
    assert (found.exit_code, found.group_id) == (1, "g1")
