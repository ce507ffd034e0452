"""Describe pages and start runs over REST, in as few words as a test needs."""

import itertools
import time
from typing import Any
from uuid import uuid4

import httpx2

from tests.support.site import Site

DESKTOP = {"width": 640, "height": 480}
QUICK = {"stability_timeout_ms": 1_000, "settle_timeout_ms": 2_000}


class Story:
    """One project; every call fails the test when Scene refuses it."""

    def __init__(self, client: httpx2.Client, base_url: str) -> None:
        self.client = client
        self._numbers = itertools.count(1)
        self.project = self.post("/api/projects", name="Shop", slug=f"shop-{uuid4().hex}", base_url=base_url)

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        response = self.client.post(path, json=body)
        assert response.status_code == 201, response.text
        return response.json()

    def get(self, path: str, **query: Any) -> Any:
        response = self.client.get(path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def page(self, url: str = "/", **fields: Any) -> dict[str, Any]:
        name = f"Page {next(self._numbers)}"
        return self.post(f"/api/projects/{self.project['id']}/pages", **{"name": name, "url": url, **fields})

    def task(self, page: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
        page = page or self.page()
        body = {
            "name": f"Task {next(self._numbers)}",
            "page_id": page["id"],
            "viewports": [DESKTOP],
            "capture": QUICK,
            **fields,
        }
        return self.post(f"/api/projects/{self.project['id']}/tasks", **body)

    def batch(self, *tasks: dict[str, Any], **fields: Any) -> dict[str, Any]:
        entries = [{"task_id": task["id"]} for task in tasks or (self.task(),)]
        name = f"Batch {next(self._numbers)}"
        return self.post(f"/api/projects/{self.project['id']}/batches", **{"name": name, "tasks": entries, **fields})

    def run(self, batch: dict[str, Any], purpose: str = "comparison", **fields: Any) -> dict[str, Any]:
        return self.post("/api/runs", batch_id=batch["id"], purpose=purpose, **fields)

    def wait(self, run: dict[str, Any], seconds: float = 60) -> dict[str, Any]:
        """The run when it has ended."""
        deadline = time.monotonic() + seconds
        while run["status"] in ("queued", "executing"):
            assert time.monotonic() < deadline, f"still {run['summary']} after {seconds} s"
            time.sleep(0.05)
            run = self.get(f"/api/runs/{run['id']}")
        return run

    def record(self, batch: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return self.wait(self.run(batch, "baseline_recording", **fields))

    def compare(self, batch: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return self.wait(self.run(batch, "comparison", **fields))

    def executions(self, run: dict[str, Any]) -> list[dict[str, Any]]:
        return self.get(f"/api/runs/{run['id']}/executions", limit=100)["items"]

    def screenshots(self, execution: dict[str, Any]) -> list[dict[str, Any]]:
        return self.get(f"/api/executions/{execution['id']}/screenshots")


def batch_of(story: Story, site: Site, count: int, seconds: float = 0) -> dict[str, Any]:
    """So many small pages, for each of which the site takes its time."""
    for number in range(count):
        site.pages[f"/{number}"], site.delays[f"/{number}"] = f"<!doctype html><h1>Page {number}</h1>", seconds
    return story.batch(*(story.task(story.page(f"/{number}")) for number in range(count)))
