"""What a container may do: as little as a browser needs."""

from functools import cache
from typing import Any

from scene.launch.docker.context import seccomp_profile
from scene.launch.docker.engine import INSTANCE_LABEL, OWNER_LABEL, Engine
from scene.launch.docker.options import USER, ContainerOptions

_OPEN_FILES = 8_192


@cache
def _seccomp() -> str:
    return seccomp_profile()


def create(engine: Engine, image: str, name: str, options: ContainerOptions) -> str:
    """A container that is not started. Raises EngineError."""
    client = engine.client
    security = ["no-new-privileges"]
    if options.seccomp == "scene":
        security.append(f"seccomp={_seccomp()}")
    limits: dict[str, Any] = {"nano_cpus": int(options.cpus * 1e9)} if options.cpus else {}
    host_config = client.create_host_config(
        network_mode=options.network,
        read_only=True,
        cap_drop=["ALL"],
        security_opt=security,
        init=True,
        ipc_mode="private",
        pids_limit=options.pids,
        mem_limit=options.memory_bytes,
        memswap_limit=options.memory_bytes,  # no swap beside it
        oom_score_adj=500,  # rather a runner than the server beside it
        tmpfs={
            "/tmp": f"rw,nosuid,nodev,noexec,size={options.tmp_mb}m,mode=1777",  # noqa: S108  in the container
            "/home/scene": f"rw,nosuid,nodev,noexec,size={options.tmp_mb}m,uid=10001,gid=10001,mode=700",
        },
        ulimits=[_ulimit("nofile", _OPEN_FILES), _ulimit("core", 0)],
        # Everything it writes comes over the stream; the engine's own copy would fill its disk.
        log_config={"Type": "none", "Config": {}},
        **limits,
    )
    config = client.create_container_config(
        image=image,
        command=None,
        user=USER,
        stdin_open=True,
        tty=False,
        labels={OWNER_LABEL: options.owner, INSTANCE_LABEL: options.instance},
        environment={"SCENE_LIFETIME_SECONDS": str(options.lifetime_seconds)},
        host_config=host_config,
    )
    # When the stream is gone, so is its stdin, and with that the runner: no container outlives its server.
    config["StdinOnce"] = True
    config["AttachStdin"] = True
    return engine.create(config=config, name=name)


def _ulimit(name: str, value: int) -> dict[str, Any]:
    return {"Name": name, "Soft": value, "Hard": value}
