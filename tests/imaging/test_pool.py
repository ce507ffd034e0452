"""The pool: jobs in other processes that never outlive this one."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from scene.domain.options import ComparisonPolicy
from scene.errors import ImagingFailed, ImagingWorkerLost, PictureError, StorageError
from scene.imaging.pool import ImagingPool
from tests.imaging.pictures import BLACK, page, plain, png

POLICY = ComparisonPolicy()


@pytest.fixture
def pool() -> Iterator[ImagingPool]:
    with ImagingPool(2) as pool:
        yield pool


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    before, after = tmp_path / "before.png", tmp_path / "after.png"
    before.write_bytes(png(plain(40, 30)))
    after.write_bytes(png(plain(40, 30, BLACK)))
    return before, after


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_nothing_runs_before_the_first_job(pool: ImagingPool) -> None:
    assert pool.worker_pids() == []


def test_it_compares_and_makes_thumbnails(pool: ImagingPool, files: tuple[Path, Path], tmp_path: Path) -> None:
    stats = pool.compare(*files, tmp_path / "out", POLICY)
    assert stats.changed_pixels == 1200
    assert (tmp_path / "out" / "diff.png").exists()
    assert pool.thumbnail(files[0], tmp_path / "small.webp") == (40, 30)
    assert len(pool.worker_pids()) == 1


def test_many_threads_share_the_workers(pool: ImagingPool, files: tuple[Path, Path], tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        jobs = [threads.submit(pool.compare, *files, tmp_path / str(n), POLICY) for n in range(16)]
        assert {job.result().changed_pixels for job in jobs} == {1200}
    assert 1 <= len(pool.worker_pids()) <= 2


def test_errors_come_back_as_what_they_are(pool: ImagingPool, files: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no")
    with pytest.raises(PictureError, match=r"bad\.png is not a PNG"):
        pool.compare(files[0], tmp_path / "bad.png", tmp_path / "out", POLICY)
    with pytest.raises(StorageError, match=r"gone\.png"):
        pool.thumbnail(tmp_path / "gone.png", tmp_path / "small.webp")
    assert len(pool.worker_pids()) == 1


def test_a_worker_killed_while_idle_is_replaced(pool: ImagingPool, files: tuple[Path, Path], tmp_path: Path) -> None:
    pool.thumbnail(files[0], tmp_path / "1.webp")
    (killed,) = pool.worker_pids()
    os.kill(killed, signal.SIGKILL)
    assert pool.thumbnail(files[0], tmp_path / "2.webp") == (40, 30)
    assert killed not in pool.worker_pids()


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A picture that nobody finishes reading: a pipe into which nothing has been written yet."""
    path = tmp_path / "endless.png"
    os.mkfifo(path)
    return path


def test_a_job_whose_worker_is_killed_is_done_by_another(
    pool: ImagingPool, endless: Path, files: tuple[Path, Path], tmp_path: Path
) -> None:
    with ThreadPoolExecutor(1) as thread:
        job = thread.submit(pool.thumbnail, endless, tmp_path / "small.webp")
        with endless.open("wb"):  # returns when the worker has opened the other end
            (killed,) = pool.worker_pids()
            os.kill(killed, signal.SIGKILL)
            assert eventually(lambda: pool.worker_pids() not in ([], [killed]))
        with endless.open("wb") as pipe:
            pipe.write(files[0].read_bytes())
        assert job.result(20) == (40, 30)


def test_a_job_that_kills_two_workers_is_given_up(pool: ImagingPool, endless: Path, tmp_path: Path) -> None:
    def kill_all() -> None:
        killed: set[int] = set()
        while len(killed) < 2:
            for pid in set(pool.worker_pids()) - killed:
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
            time.sleep(0.01)

    killer = threading.Thread(target=kill_all)
    killer.start()
    with pytest.raises(ImagingWorkerLost, match="killed twice"):
        pool.thumbnail(endless, tmp_path / "small.webp")
    killer.join()
    assert pool.worker_pids() == []


def test_closing_ends_every_worker(files: tuple[Path, Path], tmp_path: Path) -> None:
    pool = ImagingPool(1)
    pool.thumbnail(files[0], tmp_path / "small.webp")
    (pid,) = pool.worker_pids()
    pool.close()
    pool.close()
    assert not psutil.pid_exists(pid)
    with pytest.raises(ImagingFailed, match="closed"):
        pool.thumbnail(files[0], tmp_path / "small.webp")


def test_an_idle_pool_uses_no_processor_time(pool: ImagingPool, files: tuple[Path, Path], tmp_path: Path) -> None:
    pool.thumbnail(files[0], tmp_path / "small.webp")
    worker = psutil.Process(pool.worker_pids()[0])
    before = worker.cpu_times()
    time.sleep(1)
    after = worker.cpu_times()
    assert after.user + after.system - before.user - before.system <= 0.02


PARENT = """
    import sys, threading
    from pathlib import Path
    from scene.imaging.pool import ImagingPool

    pool = ImagingPool(2)
    pool.thumbnail(Path(sys.argv[1]), Path(sys.argv[2]))
    busy = threading.Thread(target=pool.thumbnail, args=(Path(sys.argv[3]), Path(sys.argv[2])))
    other = threading.Thread(target=pool.thumbnail, args=(Path(sys.argv[3]), Path(sys.argv[2])))
    busy.start(), other.start()
    while len(pool.worker_pids()) < 2: pass
    print(*pool.worker_pids(), flush=True)
    threading.Event().wait()
"""


def test_killing_the_parent_leaves_nothing(files: tuple[Path, Path], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "endless.png")
    arguments = [str(files[0]), str(tmp_path / "small.webp"), str(tmp_path / "endless.png")]
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT), *arguments], stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert all(psutil.pid_exists(pid) for pid in pids)
        parent.kill()
    assert eventually(lambda: not any(alive(pid) for pid in pids))


def alive(pid: int) -> bool:
    """Running, rather than gone or waiting to be reaped by whoever adopted it."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_large_picture_goes_through(pool: ImagingPool, tmp_path: Path) -> None:
    before, after = tmp_path / "a.png", tmp_path / "b.png"
    before.write_bytes(png(page(1280, 2000)))
    after.write_bytes(png(page(1280, 2000, seed=2)))
    assert pool.compare(before, after, tmp_path / "out", POLICY).changed_pixels > 100_000
