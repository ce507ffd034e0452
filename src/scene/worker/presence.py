"""What a worker says of itself, and hears of the others: the caps, and which browsers somebody else has."""

import socket
from collections.abc import Callable
from typing import Final

import structlog

from scene.domain.viewport import Browser
from scene.domain.workers import WorkerState
from scene.errors import StorageError
from scene.launch.base import Launcher
from scene.store.base import Store
from scene.store.workers import Fleet
from scene.worker.periodic import Periodic

log = structlog.get_logger(__name__)

_EVERY_SECONDS: Final = 5


class Presence:
    def __init__(
        self,
        store: Store,
        launcher: Launcher,
        *,
        worker: str,
        name: str,
        executed: str,
        slots: int,
        only: frozenset[Browser],
        labels: tuple[str, ...],
    ) -> None:
        """executed: which launcher this is, and why. only: the browsers that it is limited to; empty is no limit."""
        self._store = store
        self._launcher = launcher
        self._worker = worker
        self._name = name
        self._executed = executed
        self._slots = slots
        self._only = only
        self._labels = labels
        self._draining = False
        self._fleet = Fleet(None, frozenset())
        self._own: tuple[Browser, ...] = ()
        self._rounds = Periodic("presence", self.tell, _EVERY_SECONDS)

    def start(self) -> None:
        """Raises StorageError when the store does not answer."""
        self.tell()
        self._rounds.start()

    def drain(self) -> None:
        self._draining = True
        self._try(self.tell)

    def stop(self) -> None:
        self._rounds.stop()
        self._try(lambda: self._store.workers.leave(self._worker))

    def tell(self) -> None:
        self._own = self._browsers()
        self._fleet = self._store.workers.seen(
            WorkerState(
                id=self._worker,
                name=self._name,
                host=socket.gethostname(),
                launcher=self._executed,
                slots=self._slots,
                browsers=self._own,
                labels=self._labels,
                draining=self._draining,
            )
        )

    @property
    def cap(self) -> int:
        """How many slots may be busy now."""
        return self._slots if self._fleet.cap is None else min(self._slots, self._fleet.cap)

    def lanes(self) -> frozenset[str]:
        """What it may take: for browsers that it has, and for those that nobody has, unless it is limited.

        The latter end with browser_unavailable: what nobody can carry out does not wait for ever.
        """
        own = {str(browser) for browser in self._own}
        nobodys = set() if self._only else {str(browser) for browser in Browser} - self._fleet.browsers
        browsers = own | nobodys
        return frozenset(browsers | {f"{browser}@{label}" for browser in browsers for label in self._labels})

    def _browsers(self) -> tuple[Browser, ...]:
        there = [Browser(state.name) for state in self._launcher.browsers() if state.available]
        return tuple(browser for browser in there if not self._only or browser in self._only)

    @staticmethod
    def _try(act: Callable[[], None]) -> None:
        try:
            act()
        except StorageError as error:
            log.warning("presence_not_told", error=error.message)
