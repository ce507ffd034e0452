"""A browser that is too old or gone when a run begins: that is said, and the next run has it when it is there."""

from pathlib import Path
from typing import Any

from tests.failures.test_runs import at_work
from tests.support.browsers import browser_here
from tests.support.describe import Story
from tests.support.site import Site


def unavailable(story: Story, batch: dict[str, Any]) -> str:
    """Why the one execution of a run of the batch had no browser."""
    (execution,) = story.executions(story.record(batch))
    assert (execution["status"], execution["reason"]) == ("failed", "browser_unavailable")
    message: str = execution["message"]
    return message


def test_a_browser_that_is_too_old_then_gone_then_there(tmp_path: Path, site: Site) -> None:
    real = browser_here("chromium").executable
    assert real is not None
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho Chromium 85.0.4183.83\n")
    program.chmod(0o755)
    with at_work(tmp_path, site, chromium=program) as story:
        batch = story.batch()
        assert "too old" in unavailable(story, batch)
        program.unlink()
        assert "where there is no file" in unavailable(story, batch)
        program.symlink_to(real)
        assert story.record(batch)["status"] == "finished"
