"""Which blobs must stay."""

from hashlib import sha256

from tests.contract.store.world import World


def digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def test_what_pictures_comparisons_and_attempts_show_is_referenced(world: World) -> None:
    batch = world.batch()
    _, admitted = world.run(batch, baseline=world.record(batch))
    world.carry_out(admitted, percent=3)
    names = {"home.png", "home-thumbnail.png", "diff.png", "heatmap.png", "console.log"}
    asked = {digest(name) for name in names}
    assert world.store.artifacts.referenced(asked | {digest("stray")}) == asked


def test_thousands_are_asked_for_at_once(world: World) -> None:
    world.record(world.batch())
    asked = {digest(f"stray {number}") for number in range(2_500)} | {digest("home.png")}
    assert world.store.artifacts.referenced(asked) == {digest("home.png")}


def test_nothing_is_referenced_in_an_empty_store(world: World) -> None:
    assert world.store.artifacts.referenced(set()) == world.store.artifacts.referenced({digest("stray")}) == set()
