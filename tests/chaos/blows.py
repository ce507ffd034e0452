"""What is done to Scene while it works. Processes that were killed come back by themselves, beside further blows."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from tests.chaos.ground import Ground

_NEVER_BACK = "worker-2"


class Blows:
    def __init__(self, ground: Ground, chance: random.Random) -> None:
        self._ground = ground
        self._chance = chance
        self.counts: Counter[str] = Counter()
        self._order: list[Callable[[], None]] = []
        self._returning: list[threading.Thread] = []

    def strike(self) -> None:
        """The next one, in random order; each kind comes before any comes again."""
        if not self._order:
            self._order = self._kinds()
            self._chance.shuffle(self._order)
        blow = self._order.pop()
        blow()
        self.counts[blow.__name__.removeprefix("_")] += 1

    def settle(self) -> None:
        """Until everything that comes back has done so."""
        for thread in self._returning:
            thread.join()
        self._returning.clear()

    def _later(self, start: Callable[[], None]) -> None:
        self._returning.append(threading.Thread(target=start))
        self._returning[-1].start()

    def _kinds(self) -> list[Callable[[], None]]:
        ground = self._ground
        kinds: list[Callable[[], None]] = [self._kill_server, self._fill_disk]
        if ground.database:
            kinds += [self._kill_worker, self._kill_worker, self._restart_database]
        if ground.engine:
            kinds += [self._kill_engine]
        if _NEVER_BACK in ground.workers:
            kinds += [self._lose_worker]
        return kinds

    def _kill_server(self) -> None:
        self.settle()
        self._ground.kill_server()
        self._later(self._ground.start_server)

    def _kill_worker(self) -> None:
        if there := sorted(self._ground.workers.keys() - {_NEVER_BACK}):
            name = self._chance.choice(there)
            self._ground.kill_worker(name)
            self._later(lambda: self._ground.start_worker(name))

    def _lose_worker(self) -> None:
        if _NEVER_BACK in self._ground.workers:
            self._ground.kill_worker(_NEVER_BACK)

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
