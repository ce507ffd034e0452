"""Record, change, compare: the main job in a real browser, over REST."""

import pytest

from scene.bootstrap import Scene
from tests.support.describe import Story
from tests.support.site import Site

PAGE = "<!doctype html><style>body{{margin:40px;font:20px sans-serif}}</style><h1>{}</h1><p>A paragraph below.</p>"


pytestmark = pytest.mark.live


def test_a_recording_becomes_a_baseline(story: Story) -> None:
    batch = story.batch(story.task(viewports=[{"width": 640, "height": 480}, {"width": 320, "height": 480}]))
    run = story.record(batch)
    assert (run["status"], run["verdict"], run["passed"]) == ("finished", None, False)
    baseline = story.get(f"/api/baselines/{run['baseline_id']}")
    assert (baseline["items_total"], baseline["items_missing"]) == (2, 0)
    items = story.get(f"/api/baselines/{baseline['id']}/items")["items"]
    assert {item["viewport_key"] for item in items} == {"640x480@1", "320x480@1"}


def test_an_unchanged_page_is_unchanged_and_the_run_passes(story: Story) -> None:
    batch = story.batch()
    story.record(batch)
    run = story.compare(batch)
    assert (run["status"], run["verdict"], run["passed"]) == ("finished", "unchanged", True)
    (execution,) = story.executions(run)
    assert execution["percent_changed"] == 0
    (screenshot,) = story.screenshots(execution)
    assert screenshot["frames"] == 1, "a first frame with the baseline's digest is stable by definition"


def test_a_changed_page_is_changed_with_pictures_and_a_sentence(story: Story, site: Site) -> None:
    site.pages["/"] = PAGE.format("Hello")
    batch = story.batch()
    story.record(batch)
    site.pages["/"] = PAGE.format("World")
    run = story.compare(batch)
    assert (run["verdict"], run["passed"], run["summary"]["changed"]) == ("changed", False, 1)
    (screenshot,) = story.screenshots(story.executions(run)[0])
    (comparison,) = screenshot["comparisons"]
    assert comparison["stats"]["changed_pixels"] > 100
    assert comparison["sentence"].startswith("1 region") or comparison["stats"]["total_regions"] > 1
    for name in ("diff", "heatmap"):
        picture = story.client.get(comparison[name]["url"])
        assert picture.content.startswith(b"\x89PNG")


def test_the_files_of_a_change_belong_to_its_execution(story: Story, site: Site) -> None:
    site.pages["/"] = PAGE.format("Before")
    batch = story.batch()
    story.record(batch)
    site.pages["/"] = PAGE.format("After")
    (execution,) = story.executions(story.compare(batch))
    files = {file["name"]: file for file in story.get(f"/api/executions/{execution['id']}")["artifacts"]}
    assert {"diff.png", "heatmap.png", "stats.json", "result.json"} <= set(files)
    assert {file["attempt"] for file in files.values()} == {1}
    assert story.client.get(files["stats.json"]["url"]).json()["changed_pixels"] > 100


def test_without_a_baseline_the_verdict_says_so(story: Story) -> None:
    run = story.compare(story.batch())
    assert (run["status"], run["verdict"], run["passed"]) == ("finished", "no_baseline", False)


def test_a_batch_can_ask_for_no_baseline(story: Story) -> None:
    batch = story.batch(baseline_policy={"use": "none"})
    story.record(batch)
    assert story.compare(batch)["verdict"] == "no_baseline"


def test_a_run_can_name_its_baseline(story: Story, site: Site) -> None:
    site.pages["/"] = PAGE.format("First")
    batch = story.batch()
    first = story.record(batch)["baseline_id"]
    site.pages["/"] = PAGE.format("Second")
    second = story.record(batch)["baseline_id"]
    assert story.compare(batch)["baseline_id"] == second
    assert story.compare(batch, baseline_id=first)["verdict"] == "changed"


def test_a_target_that_is_no_longer_captured_is_missing(story: Story) -> None:
    both = [{"kind": "full"}, {"kind": "element", "selector": "h1"}]
    task = story.task(targets=both)
    batch = story.batch(task)
    story.record(batch)
    story.client.patch(f"/api/tasks/{task['id']}", json={"targets": both[:1]})
    run = story.compare(batch)
    assert run["verdict"] == "changed"
    verdicts = {shot["target"]: shot["verdict"] for shot in story.screenshots(story.executions(run)[0])}
    assert verdicts == {"full": "unchanged", "element:h1#1": "missing"}


def test_a_page_that_grew_is_aligned_before_it_is_compared(story: Story, site: Site) -> None:
    rows = "".join(f"<p>Paragraph number {number} of a longer text.</p>" for number in range(40))
    site.pages["/"] = f"<!doctype html><h1>News</h1>{rows}"
    batch = story.batch()
    story.record(batch)
    site.pages["/"] = f"<!doctype html><h1>News</h1><div style='height:60px;background:gold'>New</div>{rows}"
    (screenshot,) = story.screenshots(story.executions(story.compare(batch))[0])
    stats = screenshot["comparisons"][0]["stats"]
    assert (screenshot["verdict"], stats["aligned"], stats["residual_pixels"]) == ("changed", True, 0)
    assert stats["shift_rows"] >= 60


def test_editing_a_task_does_not_change_what_history_shows(story: Story) -> None:
    task = story.task(name="Before")
    run = story.record(story.batch(task))
    story.client.patch(f"/api/tasks/{task['id']}", json={"name": "After"})
    assert story.executions(run)[0]["task_name"] == "Before"


def test_equal_pictures_are_stored_once(story: Story, scene: Scene) -> None:
    batch = story.batch()
    story.record(batch)
    blobs = {path.name for path in (scene.settings.data_dir / "artifacts").rglob("*") if path.is_file()}
    story.compare(batch)
    assert {path.name for path in (scene.settings.data_dir / "artifacts").rglob("*") if path.is_file()} == blobs


def test_a_jira_issue_comes_from_the_batch_unless_the_run_has_its_own(story: Story) -> None:
    batch = story.batch(jira_issue="SHOP-1")
    assert story.record(batch)["jira_issue"] == "SHOP-1"
    assert story.compare(batch, jira_issue="SHOP-2")["jira_issue"] == "SHOP-2"
