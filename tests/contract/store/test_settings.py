"""The settings: one record."""

import pytest

from scene.domain.records import Settings
from scene.errors import VersionConflict
from scene.store.base import SliceRequest
from tests.contract.store.world import ANN, World


def test_settings_begin_with_the_defaults(world: World) -> None:
    settings = world.store.settings.get()
    assert Settings.model_validate(settings.model_dump(exclude={"version"})) == Settings()
    assert settings.version == 1


def test_replaced_settings_are_kept_and_audited(world: World) -> None:
    replaced = world.store.settings.replace(Settings(concurrency=9), 1, ANN)
    assert (replaced.concurrency, replaced.version) == (9, 2)
    assert world.store.settings.get() == replaced
    entry = world.store.records.audit(SliceRequest()).items[0]
    assert (entry.action, entry.data) == ("settings.updated", {"changed": ["concurrency"]})


def test_who_saves_second_is_told(world: World) -> None:
    world.store.settings.replace(Settings(concurrency=9), 1, ANN)
    with pytest.raises(VersionConflict):
        world.store.settings.replace(Settings(concurrency=8), 1, ANN)


def test_the_same_settings_change_nothing(world: World) -> None:
    assert world.store.settings.replace(Settings(), 1, ANN).version == 1
