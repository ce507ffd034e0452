"""What is done to Scene while it works. Processes that were killed come back by themselves, beside further blows."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, Future

from tests.chaos.ground import LEASE_SECONDS, Ground

_NEVER_BACK = "worker-2"
_BACK_SECONDS = 180


class Blows:
    def __init__(self, ground: Ground, chance: random.Random, coming_back: Executor) -> None:
        self._ground = ground
        self._chance = chance
        self.counts: Counter[str] = Counter()
        self._order: list[Callable[[], None]] = []
        self._coming_back = coming_back
        self._returns: list[Future[None]] = []

    def kinds(self) -> list[Callable[[], None]]:
        """All that can be dealt here, some of them twice; what never comes back is lost once."""
        ground = self._ground
        kinds: list[Callable[[], None]] = [self._kill_server, self._fill_disk]
        if ground.database:
            kinds += [self._kill_worker, self._kill_worker, self._freeze_worker, self._restart_database]
        if ground.engine:
            kinds += [self._kill_engine]
        if _NEVER_BACK in ground.workers:
            kinds += [self._lose_worker]
        return kinds

    def strike(self) -> None:
        """The next one, in random order; each kind comes before any comes again."""
        if not self._order:
            self._order = self.kinds()
            self._chance.shuffle(self._order)
        blow = self._order.pop()
        blow()
        self.counts[blow.__name__.removeprefix("_")] += 1

    def settle(self) -> None:
        """Until everything that comes back has done so. Raises what kept it from it."""
        while self._returns:
            self._returns.pop().result(timeout=_BACK_SECONDS)

    def _later(self, act: Callable[[], None]) -> None:
        self._returns.append(self._coming_back.submit(act))

    def _kill_server(self) -> None:
        self.settle()
        self._ground.kill_server()
        self._later(self._ground.start_server)

    def _kill_worker(self) -> None:
        name = self._one_of_the_workers()
        self._ground.kill_worker(name)
        self._later(lambda: self._ground.start_worker(name))

    def _freeze_worker(self) -> None:
        go_on = self._ground.freeze_worker(self._one_of_the_workers())
        seconds = LEASE_SECONDS + self._chance.uniform(1, 3)

        def later() -> None:
            time.sleep(seconds)
            go_on()

        self._later(later)

    def _lose_worker(self) -> None:
        self._ground.kill_worker(_NEVER_BACK)

    def _one_of_the_workers(self) -> str:
        if not self._ground.workers.keys() - {_NEVER_BACK}:
            self.settle()
        return self._chance.choice(sorted(self._ground.workers.keys() - {_NEVER_BACK}))

    def _restart_database(self) -> None:
        assert self._ground.database
        self._ground.database.stop()
        time.sleep(self._chance.uniform(0.5, 3))
        self._ground.database.start()

    def _fill_disk(self) -> None:
        self._ground.disk.fill()
        time.sleep(self._chance.uniform(0.5, 3))
        self._ground.disk.empty()

    def _kill_engine(self) -> None:
        assert self._ground.engine
        self._ground.engine.kill()
        time.sleep(self._chance.uniform(0.5, 3))
        self._ground.engine.start()
