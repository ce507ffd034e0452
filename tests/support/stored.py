"""A stored file of any name, type and content, as if a runner that is in a page's hands had left it."""

from dataclasses import replace

from scene.bootstrap import Scene
from scene.domain.model import new_id
from scene.domain.pictures import Artifact, ArtifactType
from tests.contract.store.world import Clock, World


def stored(
    scene: Scene, name: str, media_type: str, content: bytes, kind: ArtifactType = ArtifactType.RESULT
) -> Artifact:
    """Of a finished execution of a project of its own."""
    world = World(scene.store, Clock())
    _, (admitted,) = world.run(world.batch(project=world.project(slug=f"shop-{new_id()}")))
    work = world.start(admitted)
    outcome = world.captured(work)
    blob = scene.artifacts.put_bytes(content)
    file = world.artifact(name, kind, work).model_copy(
        update={"media_type": media_type, "sha256": blob.sha256, "size": blob.size}
    )
    world.finish(admitted, replace(outcome, artifacts=[file]))
    return file
