"""Which processes this one started, directly or not, and how to end them: standard library only."""

import os
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    session: int
    command: str


def started_by(pid: int, sessions: set[int] | None = None) -> list[Process]:
    """Every living descendant, parents before children.

    A browser leads a session of its own, so members of a descendant's session count too. ``sessions`` remembers
    them over several calls: what the session still holds stays findable after the process above it has died.
    """
    table = _table()
    own_session = os.getsid(pid)
    found: dict[int, Process] = {}
    sessions = set() if sessions is None else sessions
    grew = True
    while grew:
        grew = False
        for process in table:
            known = process.parent == pid or process.parent in found or process.session in sessions
            if known and process.pid not in found and process.pid != pid:
                found[process.pid] = process
                if process.session not in (own_session, 0):
                    sessions.add(process.session)
                grew = True
    return list(found.values())


def is_renderer(process: Process) -> bool:
    """Whether it runs a page's scripts."""
    command = process.command
    return (
        "--type=renderer" in command
        or ("-contentproc" in command and command.rstrip().endswith("tab"))
        or "WebProcess" in command
    )


def is_browser_of_pages(process: Process) -> bool:
    """Whether it ends when a page's process is killed, as a Firefox does."""
    return "firefox" in process.command and "--profile" in process.command


def kill(processes: Iterable[Process]) -> None:
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process.pid, signal.SIGKILL)


def kill_everything_started(pid: int) -> None:
    """A process may fork while we look, so look until nothing is left."""
    sessions: set[int] = set()
    for _ in range(20):
        processes = started_by(pid, sessions)
        if not processes:
            return
        kill(processes)


def _table() -> list[Process]:
    if Path("/proc/self/stat").exists():
        return [process for entry in Path("/proc").iterdir() if entry.name.isdigit() and (process := _from_proc(entry))]
    return _from_ps()


def _from_proc(entry: Path) -> Process | None:
    try:
        stat = (entry / "stat").read_text(errors="replace")
        command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return None  # it ended while we looked
    # The name is in brackets and may hold brackets and spaces itself.
    state, parent, _group, session = stat.rpartition(")")[2].split()[:4]
    return None if state in "ZX" else Process(int(entry.name), int(parent), int(session), command)


def _from_ps() -> list[Process]:
    """Without /proc; `sess` is no number there, so sessions are not used."""
    listing = subprocess.run(
        ["ps", "-axo", "pid=,ppid=,stat=,command="], capture_output=True, text=True, check=False, timeout=5
    ).stdout
    rows = (line.split(None, 3) for line in listing.splitlines())
    return [Process(int(row[0]), int(row[1]), 0, row[3]) for row in rows if len(row) == 4 and "Z" not in row[2]]
