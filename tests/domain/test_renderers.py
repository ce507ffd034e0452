"""How two renderers differ, in words."""

from scene.domain.renderers import Renderer, differences

BASELINE = Renderer(
    browser="chromium",
    engine="chromium-headless-shell",
    version="155.0.1",
    platform="linux-x86_64",
    host="Debian 13",
    fonts_sha256="a" * 64,
    device_scale_factor=1,
)


def test_equal_renderers_do_not_differ() -> None:
    assert differences(BASELINE, BASELINE.model_copy()) == []


def test_every_part_that_differs_is_named() -> None:
    observed = BASELINE.model_copy(update={"version": "156.0.2", "fonts_sha256": "b" * 64, "flags": ["--x"]})
    found = [str(difference) for difference in differences(BASELINE, observed)]
    assert found == ["version 155.0.1 -> 156.0.2", "other fonts", "flags none -> --x"]


def test_a_container_image_in_the_place_of_the_host_is_named() -> None:
    observed = BASELINE.model_copy(update={"host": None, "image": "sha256:1"})
    found = [str(difference) for difference in differences(BASELINE, observed)]
    assert found == ["host Debian 13 -> none", "image none -> sha256:1"]
