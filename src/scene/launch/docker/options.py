"""How containers are made: what an operator sets, and what is known of this Scene."""

from dataclasses import dataclass
from typing import Literal

USER = "10001:10001"
_MIB = 1024 * 1024


@dataclass(frozen=True)
class ContainerOptions:
    image: str
    owner: str
    """Which Scene the containers are of, the same after a restart."""
    instance: str
    """Which process of it."""
    memory_mb: int = 2_048
    tmp_mb: int = 512
    """Files that a runner may write; they count as its memory."""
    cpus: float = 0
    """Cores that a container may use; 0 is all there are."""
    pids: int = 512
    lifetime_seconds: int = 3_600
    """After which a container ends by itself, whatever happens to its server."""
    reuse: bool = False
    """Whether a container serves the other executions of its run too."""
    network: str = "none"
    """none, where all goes through Scene's proxy, or a network of the engine."""
    seccomp: Literal["scene", "engine"] = "scene"
    """Scene's own profile, under which Chromium's sandbox works, or the engine's, without that sandbox."""

    @property
    def sandbox(self) -> bool:
        return self.seccomp == "scene"

    @property
    def isolated(self) -> bool:
        return self.network == "none"

    @property
    def memory_bytes(self) -> int:
        return self.memory_mb * _MIB


@dataclass(frozen=True)
class PoolOptions:
    size: int = 2
    """Containers that wait, at most."""
    memory_mb: int = 2_048
    """Memory that they may use together while they wait."""
    idle_seconds: float = 300
    """Without a job for so long, none waits any more."""
    max_age_seconds: float = 900
    """A container that has waited so long is replaced."""
