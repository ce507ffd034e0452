"""Scene's API as typed verbs, for commands that talk to a server."""

from scene.client.api import SceneClient
from scene.client.errors import Refusal, Unreachable

__all__ = ["Refusal", "SceneClient", "Unreachable"]
