"""The process of one pool worker: ``python -m scene.imaging.pool_worker``, jobs on stdin, answers on stdout."""

import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

from scene.errors import PictureError
from scene.imaging.jobs import compare_files, make_thumbnail
from scene.imaging.messages import JOB, Answer, Compared, CompareJob, Failed, Job, Thumbnailed


def main() -> None:
    """Answer jobs, one at a time, until stdin closes.

    stdin closes when the parent closes it or dies, however it dies; then this process ends at once, even in the
    middle of a job, because nobody is left to hear the answer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what it means.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # A stray print must not be taken for an answer.
    jobs: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        answer = _answer(JOB.validate_json(jobs.get()))
        answers.write(answer.model_dump_json().encode() + b"\n")
        answers.flush()


def _receive(source: BinaryIO, jobs: SimpleQueue[bytes]) -> None:
    for line in source:
        jobs.put(line)
    os._exit(0)


def _answer(job: Job) -> Answer:
    try:
        if isinstance(job, CompareJob):
            return Compared(stats=compare_files(job.baseline, job.observed, job.out_dir, job.policy, job.masks))
        width, height = make_thumbnail(job.picture, job.out)
        return Thumbnailed(width=width, height=height)
    except PictureError as error:
        return Failed(cause="picture", message=error.message)
    except OSError as error:
        what = Path(error.filename).name if isinstance(error.filename, str) else "A file of a picture"
        return Failed(cause="file", message=f"{what} could not be read or written: {error.strerror or error}.")
    except Exception as error:  # noqa: BLE001  the worker's loop: one bad job must not end it
        traceback.print_exc()
        return Failed(cause="internal", message=f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
