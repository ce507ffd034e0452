"""A run of 1,000 executions on its dashboard: in pages, with pictures that come when they are seen, and little sent."""

import io
from hashlib import sha256

import pytest
from PIL import Image
from playwright.sync_api import Page, Response, expect

from scene.bootstrap import Scene
from scene.domain.catalog import BatchDraft, BatchTask
from scene.domain.pictures import Artifact, ArtifactType
from scene.store.values import Admitted, Work
from tests.contract.store.world import ANN, Clock, World
from tests.e2e.conftest import Complaints

TASKS, VIEWPORTS = 20, 50
EXECUTIONS = TASKS * VIEWPORTS
ON_A_PAGE = 60
_FILE = io.BytesIO()
Image.new("RGB", (40, 30), "teal").save(_FILE, "PNG")
PNG = _FILE.getvalue()


class Pictured(World):
    """Whose artifacts are pictures that a browser can show."""

    def artifact(self, name: str, kind: ArtifactType, work: Work | None = None) -> Artifact:
        shown = {
            "sha256": sha256(PNG).hexdigest(),
            "size": len(PNG),
            "media_type": "image/png",
            "width": 40,
            "height": 30,
        }
        return super().artifact(name, kind, work).model_copy(update=shown)


@pytest.fixture
def world(scene: Scene) -> World:
    scene.artifacts.put_bytes(PNG)
    world = Pictured(scene.store, Clock())
    world.clock.follow_the_machine()
    return world


def large(world: World) -> tuple[str, list[Admitted]]:
    project = world.project()
    tasks = [world.task(project, f"Task number {number:02}", VIEWPORTS) for number in range(TASKS)]
    draft = BatchDraft(name="Everything", tasks=[BatchTask(task_id=task.id) for task in tasks])
    run, admitted = world.run(world.store.batches.create(project.id, draft, ANN))
    return run.id, admitted


def test_it_is_watched_at_little_cost_and_left_alone_at_its_end(
    page: Page, world: World, complaints: Complaints
) -> None:
    run_id, admitted = large(world)
    begun = world.start(admitted[0])
    answers: list[Response] = []
    page.on("response", lambda each: answers.append(each) if "/changes" in each.url else None)
    page.clock.install()
    page.goto(f"/runs/{run_id}")
    tiles = page.locator(".task-tiles > li")
    expect(tiles).to_have_count(ON_A_PAGE)
    expect(page.locator("#count-queued .count-number")).to_have_text(str(EXECUTIONS - 1))
    with page.expect_response("**/changes**") as quiet:
        pass
    assert quiet.value.status == 204, "nothing has changed, and nothing is sent"
    more = world.finish(admitted[0], world.captured(begun))
    expect(page.locator("#count-finished, #count-no_baseline").first.locator(".count-number")).to_have_text("1")
    sent = [each for each in answers if each.status == 200]
    assert sum(each.text().count("picture-tile-name") for each in sent) == 1, "the tile that changed, and no other"
    assert max(len(each.body()) for each in sent) < 12_000
    world.carry_out([*admitted[1:], *more])
    expect(page.locator("#run-poll")).to_have_count(0, timeout=30_000)
    number = len(answers)
    page.clock.run_for(20_000)
    assert len(answers) == number, "it is still asked for, and has ended"
    assert complaints.console == []


def test_its_pictures_are_numbered_through_and_gone_through_both_ways(page: Page, world: World) -> None:
    run_id, admitted = large(world)
    world.carry_out(admitted)
    page.goto(f"/runs/{run_id}/viewer?mode=observed")
    choice = page.get_by_label("Picture", exact=True).locator("option:checked")
    expect(choice).to_contain_text("1 / 50+ ·")
    page.get_by_label("Picture", exact=True).select_option("49")
    last = choice.text_content()
    for number in (51, 101):
        page.keyboard.press("ArrowRight")
        expect(choice).to_contain_text(f"{number} / {number + 49}+ ·")
        page.get_by_label("Picture", exact=True).select_option("49")
    page.get_by_label("Picture", exact=True).select_option("0")
    page.keyboard.press("ArrowLeft")
    expect(choice).to_contain_text("100 / 100+ ·")
    page.get_by_label("Picture", exact=True).select_option("0")
    page.keyboard.press("ArrowLeft")
    expect(choice).to_have_text(str(last))


def test_all_of_it_is_found_page_by_page_with_the_thumbnails_in_view(page: Page, world: World) -> None:
    run_id, admitted = large(world)
    world.carry_out(admitted)
    page.goto(f"/runs/{run_id}?show=all")
    page.wait_for_load_state("networkidle")
    images = page.locator(".task-tiles img")
    expect(images).to_have_count(ON_A_PAGE)
    expect(images.first).to_have_js_property("naturalWidth", 40)
    complete = images.evaluate_all("all => all.filter(image => image.complete && image.naturalWidth).length")
    assert 0 < complete < ON_A_PAGE, "those far below are loaded when they come into view"
    found: set[str] = set()
    for _ in range(EXECUTIONS // ON_A_PAGE + 1):
        found |= set(page.locator(".task-tiles > li").evaluate_all("all => all.map(each => each.id)"))
        further = page.get_by_role("link", name="Further")
        if not further.count():
            break
        before = page.locator(".tiles").get_attribute("id")
        further.click()
        expect(page.locator(f"#{before}")).to_have_count(0)
    assert len(found) == EXECUTIONS
    page.reload()
    expect(page.locator(".task-tiles > li")).to_have_count(EXECUTIONS % ON_A_PAGE)
