"""Whether the kernel killed something of this container for want of memory."""

from pathlib import Path

_COUNTERS = ("memory.events", "memory/memory.oom_control")


def kills(root: Path = Path("/sys/fs/cgroup")) -> int:
    """How many processes of this control group the kernel has ended so; 0 where it does not count them."""
    for counter in _COUNTERS:
        try:
            lines = (root / counter).read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            name, _, value = line.partition(" ")
            if name == "oom_kill" and value.isdigit():
                return int(value)
    return 0
