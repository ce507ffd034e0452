"""Whether the kernel killed something for want of memory."""

from collections.abc import Iterator
from pathlib import Path


def kills() -> int:
    """How many processes the kernel's out-of-memory killer has ended, in our control group if it counts them."""
    counters = list(_counters())
    for counter in [*counters, Path("/proc/vmstat")]:
        try:
            lines = counter.read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            name, _, value = line.partition(" ")
            if name == "oom_kill" and value.isdigit():
                return int(value)
    return 0


def _counters() -> Iterator[Path]:
    """Those of our own control group: what other containers of this machine run out of is no concern of ours."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    root = Path("/sys/fs/cgroup")
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            yield root / path.lstrip("/") / "memory.events"
        elif "memory" in controllers.split(","):
            # In a container the path is that of the host, and the group itself is mounted at the root.
            yield root / "memory" / path.lstrip("/") / "memory.oom_control"
            yield root / "memory" / "memory.oom_control"
