"""``scene approve``, ``scene reject`` and ``scene undo``."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cli.conftest import Call
from tests.support.describe import Story
from tests.support.server import Server
from tests.support.site import Site

LOOK = (
    "<!doctype html><title>{0}</title><style>body{{margin:0}} div{{height:80px;background:{1}}}</style><div></div>{0}"
)


@pytest.fixture
def run(story: Story, site: Site) -> dict[str, Any]:
    """Two tasks that changed in two ways, of which one at two viewports, and one that is unchanged."""
    for path in ("/a", "/b", "/c"):
        site.pages[path] = LOOK.format(path, "teal")
    sizes = [{"name": "small", "width": 300, "height": 200}, {"width": 400, "height": 200}]
    tasks = [story.task(story.page("/a"), name="Home", viewports=sizes)]
    tasks += [story.task(story.page(path)) for path in ("/b", "/c")]
    batch = story.batch(*tasks)
    story.record(batch)
    site.pages["/a"], site.pages["/b"] = LOOK.format("/a", "tomato"), LOOK.format("/b", "gold")
    return story.compare(batch)


@pytest.fixture
def scene(call: Call, server: Server) -> Call:
    return lambda *arguments: call(*arguments, SCENE_SERVER_URL=server.url)


def test_what_matches_is_approved_with_its_comment(scene: Call, story: Story, run: dict[str, Any]) -> None:
    done = scene("approve", run["id"], "--filter", "task=Home", "--filter", "viewport=small", "--comment", "New colour")
    assert (done.returncode, "1 screenshot approved." in done.stdout) == (0, True), done.stdout + done.stderr
    assert story.get(f"/api/runs/{run['id']}")["reviews"] == {"pending": 2, "approved": 1, "rejected": 0}
    [shot] = story.get(f"/api/runs/{run['id']}/screenshots", review="approved")["items"]
    assert shot["review"]["comment"] == "New colour"


def test_a_dry_run_lists_and_decides_nothing(scene: Call, story: Story, run: dict[str, Any]) -> None:
    done = scene("approve", run["id"], "--dry-run", "--promote", "--json")
    told = json.loads(done.stdout)
    assert [each["task"] for each in told["screenshots"]][:2] == ["Home", "Home"]
    assert (len(told["screenshots"]), told["dry_run"], told["group"], told["baseline"]) == (3, True, None, None)
    assert story.get(f"/api/runs/{run['id']}")["reviews"]["pending"] == 3


def test_the_same_change_is_approved_by_its_fingerprint(scene: Call, story: Story, run: dict[str, Any]) -> None:
    shots = story.get(f"/api/runs/{run['id']}/screenshots", verdict="changed")["items"]
    change = shots[0]["change_fingerprint"]
    done = scene("approve", run["id"], "--filter", f"change={change}", "--json")
    same = {shot["id"] for shot in shots if shot["change_fingerprint"] == change}
    assert {each["id"] for each in json.loads(done.stdout)["screenshots"]} == same


def test_everything_is_approved_and_promoted(scene: Call, story: Story, run: dict[str, Any]) -> None:
    done = scene("approve", run["id"], "--promote", "--notes", "Spring", "--json")
    told = json.loads(done.stdout)
    baseline = story.get(f"/api/baselines/{told['baseline']['id']}")
    assert (done.returncode, baseline["notes"], baseline["items_succeeded"]) == (0, "Spring", 4)
    assert baseline["changes"] == {"replaced": 3, "added": 0, "removed": 0, "kept": 1}
    again = scene("approve", run["id"], "--promote")
    assert again.returncode == 1
    assert "Nothing of this run waits for a decision." in again.stdout
    assert "No baseline was made: There is nothing to promote" in again.stdout


def test_it_is_taken_back_as_one(scene: Call, story: Story, run: dict[str, Any]) -> None:
    group = json.loads(scene("reject", run["id"], "--filter", "verdict=changed", "--json").stdout)["group"]
    assert story.get(f"/api/runs/{run['id']}")["reviews"]["rejected"] == 3
    back = scene("undo", run["id"], group)
    assert (back.returncode, back.stdout) == (0, "3 decisions taken back.\n")
    assert story.get(f"/api/runs/{run['id']}")["reviews"]["pending"] == 3
    assert "There is no group of decisions 'x'" in scene("undo", run["id"], "x").stderr


def test_what_is_in_quarantine_is_left_alone_and_said(
    scene: Call, story: Story, site: Site, run: dict[str, Any]
) -> None:
    task = story.executions(run)[0]["task_id"]
    fields = {
        "task_id": task,
        "reason": "r",
        "owner": "o",
        "expires_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
    }
    story.post(f"/api/projects/{story.project['id']}/quarantines", **fields)
    again = story.compare({"id": run["batch_id"]})
    done = scene("approve", again["id"], "--json")
    told = json.loads(done.stdout)
    assert [each["because"] for each in told["left_alone"]] == ["in quarantine"] * 2
    assert (len(told["screenshots"]), done.returncode) == (1, 1)
    assert "is newer, of the same batch, line and labels" in scene("approve", run["id"]).stderr
    assert scene("approve", run["id"], "--allow-superseded").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--filter", "task=Nowhere"), 1, "Nothing matches: 3 screenshots of this run wait for a decision."),
        (("--filter", "colour=red"), 3, "--filter: 'colour=red' is not KEY=VALUE with one of the keys verdict, task"),
        (
            ("--filter", "verdict=unchanged"),
            3,
            "nobody decides on 'unchanged'; there are changed, no_baseline, missing",
        ),
        (("--notes", "x"), 3, "--notes: is of a new baseline: say --promote too."),
        (("--no-such-option",), 3, "No such option"),
    ],
)
def test_what_cannot_be_done_is_said(
    scene: Call, story: Story, run: dict[str, Any], arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = scene("approve", run["id"], *arguments)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert story.get(f"/api/runs/{run['id']}")["reviews"]["pending"] == 3


def test_a_run_that_is_not_there_is_said(scene: Call) -> None:
    done = scene("approve", "nothing")
    assert (done.returncode, "There is no run 'nothing'" in done.stderr) == (3, True)
