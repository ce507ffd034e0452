"""Whether the kernel killed something for want of memory."""

from pathlib import Path


def kills() -> int:
    """How many processes the kernel's out-of-memory killer has ended, in our control group if it counts them."""
    counters = [folder / "memory.events" for folder in _control_groups()]
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


def _control_groups() -> list[Path]:
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    root = Path("/sys/fs/cgroup")
    return [root / line.removeprefix("0::").lstrip("/") for line in lines if line.startswith("0::")]
