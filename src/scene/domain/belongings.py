"""How much belongs to something: what goes with it when it is deleted, or what stays without it."""

from scene.domain.amounts import count
from scene.domain.model import Model

_PLURALS = {"batches": ("batch", "batches"), "auth_profiles": ("auth profile", "auth profiles")}


class Belongings(Model):
    pages: int = 0
    tasks: int = 0
    batches: int = 0
    schedules: int = 0
    runs: int = 0
    executions: int = 0
    baselines: int = 0
    quarantines: int = 0
    webhooks: int = 0
    auth_profiles: int = 0

    def told(self, *names: str) -> str:
        """``3 pages, 1 task and 12 runs``: those of the names that there are, or ``nothing``."""
        parts = [_said(number, name) for name in names if (number := getattr(self, name))]
        if len(parts) < 2:
            return "".join(parts) or "nothing"
        return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _said(number: int, name: str) -> str:
    one, many = _PLURALS.get(name, (name.removesuffix("s"), name))
    return count(number, one) if number == 1 else f"{number:,} {many}"
