"""Status is lifecycle, verdict is outcome, reason says why something failed: three fields, never mixed."""

from enum import StrEnum


class Status(StrEnum):
    QUEUED = "queued"
    EXECUTING = "executing"
    FINISHED = "finished"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        return self in (Status.FINISHED, Status.FAILED)


ACTIVE = (Status.QUEUED, Status.EXECUTING)


class Verdict(StrEnum):
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NO_BASELINE = "no_baseline"
    MISSING = "missing"


class Purpose(StrEnum):
    BASELINE_RECORDING = "baseline_recording"
    COMPARISON = "comparison"
    DRY_RUN = "dry_run"
    """Of one task: in no list, told to nobody, and gone after a day."""


PURPOSES_OF_A_BATCH = (Purpose.BASELINE_RECORDING, Purpose.COMPARISON)


class Reason(StrEnum):
    """Why a run, an execution or an attempt failed: a closed list."""

    NAVIGATION = "navigation"
    STATUS = "status"
    SCRIPT = "script"
    SELECTOR = "selector"
    TIMEOUT = "timeout"
    CRASH = "crash"
    OUT_OF_MEMORY = "out_of_memory"
    UNSTABLE = "unstable"
    BLANK = "blank"
    PAGE_TOO_TALL = "page_too_tall"
    BROWSER_UNAVAILABLE = "browser_unavailable"
    ENGINE_UNAVAILABLE = "engine_unavailable"
    WORKER_LOST = "worker_lost"
    STORAGE = "storage"
    SOFT_STOP = "soft_stop"
    HARD_STOP = "hard_stop"
    RUN_TIMEOUT = "run_timeout"
    INTERNAL = "internal"
