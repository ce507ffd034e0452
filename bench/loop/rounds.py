"""Rounds of contenders, interleaved in one run, and the tables that come of them."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median
from typing import Protocol

import psutil

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Round:
    """One pass over all the pages. `steps` are seconds by step name, summed over the pictures of all workers."""

    seconds: float
    pictures: int
    bytes: int
    cpu_seconds: float
    steps: dict[str, float] = field(default_factory=dict)


class Contender(Protocol):
    """Something that captures all the pages once for each `round`, with everything it can keep warm kept warm."""

    @property
    def name(self) -> str: ...

    def round(self) -> Round: ...

    def pids(self) -> list[int]:
        """Processes that belong to it; their descendants count too."""
        ...


def interleave(contenders: Sequence[Contender], count: int) -> dict[str, list[Round]]:
    """`count` rounds of each after one that is not counted; every other pass runs them in the opposite order."""
    for contender in contenders:
        contender.round()
    rounds: dict[str, list[Round]] = {contender.name: [] for contender in contenders}
    for number in range(count):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            done = contender.round()
            print(f"  {number + 1}/{count} {contender.name}: {done.seconds:.2f} s", flush=True)
            rounds[contender.name].append(done)
    return rounds


def ratio_table(rounds: dict[str, list[Round]]) -> str:
    """Each contender against the first: the median over the pairs of rounds that ran side by side."""
    base = next(iter(rounds.values()))
    lines = [
        "| | ratio (median of pairs) | of CPU time | seconds (median, least to most) | CPU seconds | pictures | MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, mine in rounds.items():
        seconds = sorted(one.seconds for one in mine)
        pairs = list(zip(mine, base, strict=True))
        ratio = median(one.seconds / other.seconds for one, other in pairs)
        cpu_ratio = median(one.cpu_seconds / other.cpu_seconds for one, other in pairs)
        lines.append(
            f"| {name} | {ratio:.2f} | {cpu_ratio:.2f} "
            f"| {median(seconds):.2f} ({seconds[0]:.2f} to {seconds[-1]:.2f}) "
            f"| {median(one.cpu_seconds for one in mine):.2f} | {mine[0].pictures} | {mine[0].bytes / MEGABYTE:.1f} |"
        )
    return "\n".join(lines)


def step_table(rounds: dict[str, list[Round]]) -> str:
    """Where the time goes: milliseconds a picture in each step, the median over the rounds."""
    steps = list(dict.fromkeys(step for mine in rounds.values() for one in mine for step in one.steps))
    lines = ["| ms a picture | " + " | ".join(rounds) + " |", "|---" * (len(rounds) + 1) + "|"]
    for step in steps:
        cells = [
            f"{median(one.steps[step] / one.pictures for one in mine) * 1000:.1f}" if step in mine[0].steps else ""
            for mine in rounds.values()
        ]
        lines.append(f"| {step} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def memory_table(contenders: Sequence[Contender], at_start: dict[str, float]) -> str:
    """Memory before the first round, at rest after the last, and at its peak over one more, which is not timed."""
    lines = [
        "| MB (proportional set size) | before the first round | idle | peak while capturing |",
        "|---|---|---|---|",
    ]
    for contender in contenders:
        idle = proportional_mb(contender.pids())
        peak = _peak_mb(contender)
        lines.append(f"| {contender.name} | {at_start[contender.name]:.0f} | {idle:.0f} | {peak:.0f} |")
    return "\n".join(lines)


def _peak_mb(contender: Contender) -> float:
    ended = threading.Event()
    samples: list[float] = []

    def sample() -> None:
        while not ended.wait(0.25):
            samples.append(proportional_mb(contender.pids()))

    sampler = threading.Thread(target=sample)
    sampler.start()
    contender.round()
    ended.set()
    sampler.join()
    return max(samples)


def cpu_seconds(pids: list[int]) -> float:
    """Of the processes and their descendants, those that have ended included."""
    total = 0.0
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(pid)
            for process in [parent, *parent.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    total += sum(process.cpu_times()[:4])
    return total


def proportional_mb(pids: list[int]) -> float:
    """Memory shared between processes counts once, split among those that share it."""
    total = 0
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(pid)
            for process in [parent, *parent.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    total += process.memory_full_info().pss
    return total / MEGABYTE
