"""What the proxy knows of a job, told with how the job ended."""

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from scene.egress.session import LOG_NAME, Session
from scene.launch.base import Outcome
from scene_runner.protocol import CaptureJob, CaptureResult, ExtraFile

_PORTS = {"http": 80, "https": 443}


def with_network(outcome: Outcome, session: Session, job: CaptureJob) -> Outcome:
    """The outcome with the log of requests, and with why a page could not be reached. The session ends here."""
    session.close()
    logged = False
    if job.network:
        with suppress(OSError):  # without it the outcome is the same
            logged = session.write_log(Path(job.output_dir))
    result = outcome.result
    if result is None:
        return outcome
    if logged:
        result = replace(result, files=[*result.files, ExtraFile("network", LOG_NAME, "application/x-ndjson")])
    return replace(outcome, result=_explained(result, session))


def _explained(result: CaptureResult, session: Session) -> CaptureResult:
    """A browser only knows that its proxy did not answer; the proxy knows why."""
    named = re.search(r"(https?://\S+) could not be opened: ", result.message)
    if result.reason != "navigation" or named is None:
        return result
    address = urlsplit(named[1])
    problem = session.problem(address.hostname or "", address.port or _PORTS[address.scheme])
    if problem is None:
        return result
    return replace(result, message=f"{result.message[: named.end()]}{problem}.")
