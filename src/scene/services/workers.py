"""Who carries out executions, on this machine and others."""

from collections.abc import Sequence

from scene.domain.viewport import Browser
from scene.domain.workers import Worker
from scene.launch.base import BrowserState, Launcher
from scene.store.base import Store
from scene.store.values import Slice, SliceRequest


class Workers:
    def __init__(self, store: Store, launcher: Launcher | None) -> None:
        """launcher: this server's own, where it carries out executions itself."""
        self._store = store
        self._launcher = launcher

    def newest(self, request: SliceRequest) -> Slice[Worker]:
        return self._store.workers.newest(request)

    def alive(self) -> Sequence[Worker]:
        return self._store.workers.alive()

    def held_back(self) -> str:
        """That the settings let the workers do less than they could, as a sentence; empty where they do not."""
        settings = self._store.settings.get()
        most = settings.worker_concurrency
        slots = sum(
            worker.slots if most is None else min(worker.slots, most) for worker in self.alive() if not worker.draining
        )
        if slots <= settings.concurrency:
            return ""
        return (
            f"The workers have {slots} slots, and the setting concurrency lets {settings.concurrency} of them be busy "
            "at once: raise it in the configuration."
        )

    def browsers(self) -> list[BrowserState]:
        """Whether each browser can be launched by any worker that is alive: of this server, or elsewhere."""
        own = {state.name: state for state in self._launcher.browsers()} if self._launcher else {}
        missing = [browser for browser in Browser if not (browser in own and own[browser].available)]
        elsewhere = self._elsewhere() if missing else {}
        return [self._state(browser, own.get(browser), elsewhere.get(browser, [])) for browser in Browser]

    def _elsewhere(self) -> dict[Browser, list[str]]:
        found: dict[Browser, list[str]] = {}
        for worker in self.alive():
            for browser in worker.browsers:
                found.setdefault(browser, []).append(worker.name)
        return found

    @staticmethod
    def _state(browser: Browser, own: BrowserState | None, names: list[str]) -> BrowserState:
        if names:
            return BrowserState(browser, available=True, detail=f"on {', '.join(sorted(set(names)))}")
        return own or BrowserState(browser, available=False, detail=f"no worker that is alive can launch {browser}")
