"""The main job again, on PostgreSQL."""

from collections.abc import Iterator

import pytest

from scene.bootstrap import Scene
from scene.settings import ServerSettings
from tests.contract.store.clusters import database
from tests.services.test_main_job import (  # noqa: F401 - run here too
    test_a_changed_page_is_changed_with_pictures_and_a_sentence,
    test_a_recording_becomes_a_baseline,
    test_a_run_can_name_its_baseline,
    test_a_target_that_is_no_longer_captured_is_missing,
    test_an_unchanged_page_is_unchanged_and_the_run_passes,
    test_equal_pictures_are_stored_once,
    test_without_a_baseline_the_verdict_says_so,
)
from tests.support.describe import Story


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with database() as url:
        settings = ServerSettings(
            data_dir=tmp_path_factory.mktemp("postgresql"), database_url=url, slots=2, imaging_workers=1
        )
        with Scene(settings) as scene:
            yield scene


def test_health_says_which_database_it_is(story: Story, scene: Scene) -> None:
    detail = story.get("/health")["database"]["detail"]
    assert detail.startswith("PostgreSQL ")
    assert detail.endswith(" answers")
    assert not list(scene.settings.data_dir.glob("scene.db*"))
