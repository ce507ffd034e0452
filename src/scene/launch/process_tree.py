"""The processes of one runner: how much memory they use together, and how to leave nothing of them behind."""

import os
import time
from contextlib import suppress

import psutil

_WAIT_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 0.01
_SAMPLES_PER_SEARCH = 10


class ProcessTree:
    """A process we started and everything it started.

    A browser is started in a session of its own, by a driver that may die before it. So the tree is followed by
    parenthood while the parents live, and by the sessions seen so far once they do not.
    """

    def __init__(self, pid: int) -> None:
        self._root: psutil.Process | None = None
        with suppress(psutil.Error):
            self._root = psutil.Process(pid)  # knows its start time, and so a later process of the same number
        self._sessions = {pid}  # the runner leads one itself
        self._samples = 0

    def members(self) -> list[psutil.Process]:
        """Every living process of the tree, zombies aside."""
        found: dict[int, psutil.Process] = {}
        with suppress(psutil.Error):
            if self._root:
                found = {process.pid: process for process in [self._root, *self._root.children(recursive=True)]}
        for process in found.values():
            with suppress(ProcessLookupError):
                self._sessions.add(os.getsid(process.pid))
        self._sessions.discard(os.getsid(0))
        found |= {process.pid: process for process in self._of_sessions() if process.pid not in found}
        return [process for process in found.values() if _alive(process)]

    def memory(self, enough: int) -> int:
        """Bytes in use, shared pages counted once; exact only when it is more than ``enough``.

        Asked several times a second, so it does what is cheap first. Sessions are told without opening a file, while
        finding out who descends from whom opens one for every process of the machine. And resident sizes count
        shared pages again for every process, but while even their sum is within bounds nothing else matters.
        """
        look_for_new_sessions = self._samples % _SAMPLES_PER_SEARCH == 0
        self._samples += 1
        members = self.members() if look_for_new_sessions else self._of_sessions()
        resident = sum(_resident(process) for process in members)
        return resident if resident <= enough else sum(_proportional(process) for process in members)

    def _of_sessions(self) -> list[psutil.Process]:
        found = []
        for pid in psutil.pids():
            with suppress(ProcessLookupError, PermissionError, psutil.Error):
                if os.getsid(pid) in self._sessions:
                    found.append(psutil.Process(pid))
        return found

    def kill(self) -> None:
        """End the whole tree at once. Processes may fork while we look, so look until none is left.

        The first process is left as a zombie: its exit code belongs to whoever started it.
        """
        deadline = time.monotonic() + _WAIT_SECONDS
        while members := self.members():
            for process in members:
                with suppress(psutil.Error):
                    process.kill()
            if time.monotonic() > deadline:
                return
            time.sleep(_LOOK_AGAIN_SECONDS)
        self._sessions.clear()  # their numbers may soon be somebody else's


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD))
    except psutil.Error:
        return False


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _proportional(process: psutil.Process) -> int:
    """PSS where the system knows it, else USS."""
    try:
        memory = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(memory, "pss", memory.uss))
