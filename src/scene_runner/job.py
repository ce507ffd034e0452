"""Carry out one job, step by step."""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from scene_runner.actions import ActionRun
from scene_runner.auth import save_state
from scene_runner.browser import Engine
from scene_runner.capture import capture
from scene_runner.context import OpenPage, open_page
from scene_runner.elements import Match, matches
from scene_runner.emulation import unheeded
from scene_runner.evidence import Evidence, clear_up
from scene_runner.failure import PAGE_LOST, Failed, Reason, crash, is_crash, plain
from scene_runner.hiding import hide
from scene_runner.navigate import Left, check_scheme, check_status, navigate
from scene_runner.protocol import Capture, CaptureJob, CaptureResult, Intervention, Keep, Renderer, TargetJob
from scene_runner.report import JobReport, Remark
from scene_runner.scripts import run_script
from scene_runner.settle import settle
from scene_runner.shutter import measure
from scene_runner.watchdog import Watchdog

_FAILURE_SCREENSHOT_MS = 2_000
_CLOSE_SECONDS = 5
_EVIDENCE_SECONDS = 30
_DISMISSED_AGAIN = 3
_LEFT_AT_MOST = 3

Step = Callable[[str], AbstractContextManager[Remark]]


class JobRun:
    """The state of one job while it runs."""

    def __init__(self, job: CaptureJob, engine: Engine, report: JobReport, watchdog: Watchdog) -> None:
        self._job = job
        self._engine = engine
        self._report = report
        self._watchdog = watchdog
        self._evidence = Evidence(job, report)
        self._page: OpenPage | None = None
        self._of_reference = False
        self._address: tuple[str, int | None] | None = None
        self._captures: list[Capture] = []
        self._reference_captures: list[Capture] = []
        self._unloaded: list[str] = []
        self._interventions: list[Intervention] = []
        self._renderer: Renderer | None = None
        self._storage_state_file: str | None = None

    def carry_out(self) -> None:
        """Ends with exactly one result event. The context is closed after it: nobody waits for that."""
        failure: Failed | None = None
        seconds = self._job.execution_timeout_ms / 1000
        try:
            with (
                self._watchdog.steps(),
                self._watchdog.limit(seconds, f"The capture as a whole took longer than {seconds:g} s."),
                self._watchdog.leash() as self._leash,
            ):
                self._steps()
        except Failed as failed:
            failure = failed
        except PlaywrightError as error:
            failure = crash(error) if is_crash(error) else Failed("internal", f"The browser failed: {plain(error)}.")
        except OSError as error:
            failure = Failed("storage", f"The picture could not be written: {error.strerror or error}.")
        self._report.wrap_up()
        if failure and failure.reason != "crash":
            self._failure_screenshot()
        result = self._result(failure)
        self._keep_evidence(failure)
        self._report.end(result)
        self._close()
        clear_up()

    def _steps(self) -> None:
        job, step = self._job, self._report.step
        if not self._engine.ready_for(job):
            with step("launch"):
                self._engine.launch(job)
        self._renderer = self._engine.renderer(job.device_scale_factor)
        self._capture_page(job, "", "picture", self._captures)
        if job.save_storage_state and self._page:
            with step("storage_state"):
                self._storage_state_file = save_state(self._page.context, job)
        if job.reference_url is not None:
            self._address = self._address_now()
            self._interventions = self._interventions_now()
            # What the reference page will show decides whether the recordings of this one are kept.
            self._evidence.leave(lambda policy: policy != "never")
            self._close()
            self._page = None
            self._of_reference = True
            self._capture_page(_reference_job(job, self._captures), "reference ", "reference", self._reference_captures)

    def _capture_page(self, job: CaptureJob, prefix: str, file: str, captures: list[Capture]) -> None:
        """From an empty context to a picture of each target; ``prefix`` begins the names of the steps."""

        def step(name: str) -> AbstractContextManager[Remark]:
            return self._report.step(prefix + name)

        with step("context") as remark:
            self._page = page = self._open(job, prefix)
            remark.detail = "; ".join(filter(None, (unheeded(self._engine, job), self._evidence.problem)))
            page.page.on("crash", self._on_crash)
        with step("goto"):
            navigate(page, job, job.navigation_timeout_ms)
        if page.dismissing.any:
            with step("dismissals") as remark:
                remark.detail = page.dismissing.apply() or "nothing was in the way"
        actions = ActionRun(page, job, self._report, self._watchdog)
        for of, label, before, body in (
            ("preparatory", "The preparatory JS", job.preparatory_actions, job.preparatory_js),
            ("task", "The task JS", job.task_actions, job.task_js),
        ):
            actions.carry_out(before, f"{prefix}{of}_actions")
            if body and body.strip():
                with step(f"{of}_js"):
                    run_script(page.page, label, body, job, self._watchdog)
        with step("settle") as remark:
            grown = self._settle(page, job)
            remark.detail = "; ".join(part for part in (grown, page.gate.summary()) if part)
        self._dismiss_again(page, job, step)
        if job.hide or job.remove:
            with step("hide") as remark:
                remark.detail = hide(page, job)
        # Elements come last, since showing one may scroll what it is in.
        for number, target in sorted(enumerate(job.targets, 1), key=lambda each: each[1].kind == "element"):
            for match in self._matches(page, target, step):
                name = f"capture {match.key}"
                saved_as = f"{file}-{number}.png" if match.index is None else f"{file}-{number}-{match.index + 1}.png"
                shot = self._capture_target(page, match, job, saved_as, step(name))
                if self._dismiss_again(page, job, step):
                    shot = self._capture_target(page, match, job, saved_as, step(f"{name} again"))
                captures.append(shot)
        if job.wait_after_capture_ms:
            with step("wait after capture"):
                page.page.wait_for_timeout(job.wait_after_capture_ms)

    def _open(self, job: CaptureJob, prefix: str) -> OpenPage:
        file_prefix = prefix.replace(" ", "-")
        self._leash.let_go()
        try:
            return open_page(self._engine, job, self._report, self._evidence, file_prefix, self._leash)
        except PlaywrightError as error:
            if not is_crash(error):
                raise
        # The browser went while nobody looked.
        self._engine.launch(job)
        self._watchdog.regained()
        return open_page(self._engine, job, self._report, self._evidence, file_prefix, self._leash)

    def _matches(self, page: OpenPage, target: TargetJob, step: Step) -> list[Match]:
        if target.kind != "element":
            return [Match(target.key, target)]
        with step(f"find {target.key}") as remark:
            found, remark.detail = matches(page, target, measure(page)[0])
        return found

    def _capture_target(
        self, page: OpenPage, match: Match, job: CaptureJob, file: str, step: AbstractContextManager[Remark]
    ) -> Capture:
        with step as remark:
            for _ in range(_LEFT_AT_MOST):
                try:
                    shot, remark.detail = capture(page, match, job, file)
                except Left:
                    self._settle(page, job)
                else:
                    return shot
            raise Failed("navigation", f"The page does not stay: it left {_LEFT_AT_MOST} times while it was captured.")

    def _settle(self, page: OpenPage, job: CaptureJob) -> str:
        """Returns a remark; empty when there is nothing to say."""
        settled = settle(page, job, self._watchdog)
        self._unloaded += [url for url in settled.unloaded if page.gate.lets_through(url)]
        check_scheme(page)
        check_status(page, job)
        return settled.remark

    def _dismiss_again(self, page: OpenPage, job: CaptureJob, step: Step) -> bool:
        """Whether anything was in the way by now; what has come late may come again."""
        for number in range(_DISMISSED_AGAIN):
            if not (dismissed := page.dismissing.apply()):
                return number > 0
            with step("dismissals again") as remark:
                remark.detail = dismissed
                self._settle(page, job)
        return True

    def _result(self, failure: Failed | None) -> CaptureResult:
        final_url, http_status = self._address or self._address_now()
        of_reference = "Of the reference page: " if self._of_reference else ""
        return CaptureResult(
            id=self._job.id,
            status="failed" if failure else "finished",
            reason=failure.reason if failure else None,
            message=f"{of_reference}{failure.message}" if failure else "",
            captures=self._captures,
            reference_captures=self._reference_captures,
            renderer=self._renderer,
            final_url=final_url,
            http_status=http_status,
            unloaded=list(dict.fromkeys(self._unloaded)),
            interventions=[*self._interventions, *self._interventions_now()],
            storage_state_file=self._storage_state_file,
        )

    def _address_now(self) -> tuple[str, int | None]:
        """Where the page is, if anywhere on the web, and what it was answered with."""
        if self._page is None:
            return "", None
        url = self._page.page.url
        return url if url.startswith("http") else "", self._page.traffic.http_status

    def _interventions_now(self) -> list[Intervention]:
        return self._page.interventions(of_reference=self._of_reference) if self._page else []

    def _on_crash(self, _: Page) -> None:
        """Calls on a raw CDP session outlive a crashed page; closing the context ends them as a rule."""
        self._watchdog.lost(PAGE_LOST)
        if self._page:
            self._page.close()

    def _failure_screenshot(self) -> None:
        """What the page looked like when it failed, if it still answers."""
        if self._page is None or not self._engine.ready:
            return
        with (
            contextlib.suppress(PlaywrightError, OSError, Failed),
            self._watchdog.limit(_FAILURE_SCREENSHOT_MS / 1000 + 1, "The failed page does not answer."),
        ):
            picture = self._page.page.screenshot(timeout=_FAILURE_SCREENSHOT_MS, animations="allow", caret="initial")
            self._report.add_file("screenshot", "failure.png", "image/png", picture)

    def _keep_evidence(self, failure: Failed | None) -> None:
        """Whatever goes wrong here is remarked in the step log, and changes nothing about how the job ended."""

        def wanted(policy: Keep) -> bool:
            expected = policy == "on_change" and self._as_expected()
            return policy != "never" and (failure is not None or not (expected or policy == "on_failure"))

        crashed = failure is not None and failure.reason == "crash"
        problem = "the trace is lost with the page" if crashed and self._job.trace != "never" else ""
        with (
            contextlib.suppress(Failed, OSError),
            self._watchdog.limit(_EVIDENCE_SECONDS, "What was recorded could not be written in time."),
        ):
            try:
                self._evidence.leave((lambda _: False) if crashed else wanted)
            except PlaywrightError as error:
                problem = f"recordings are lost with the page: {plain(error)}"
            if self._evidence.needs_closing:
                self._close()
            if problem or self._evidence.anything(wanted):
                with self._report.step("evidence") as remark:
                    remark.detail = "; ".join(filter(None, (self._evidence.hand_over(wanted), problem)))

    def _as_expected(self) -> bool:
        """Whether every picture is the expected one, and none is missing; then the server finds it unchanged."""
        known = {key: digest for target in self._job.targets for key, digest in target.known.items()}
        observed = {capture.target: capture.sha256 for capture in self._captures}
        reference = {capture.target: capture.sha256 for capture in self._reference_captures}
        return observed == known and (self._job.reference_url is None or reference == observed)

    def _close(self) -> None:
        if self._page is None:
            return
        with contextlib.suppress(Failed), self._watchdog.limit(_CLOSE_SECONDS, "The page could not be closed."):
            self._page.close()


def _reference_job(job: CaptureJob, captures: list[Capture]) -> CaptureJob:
    """The same for the reference page. What was just captured is what is expected there."""
    observed = {capture.target: capture.sha256 for capture in captures if not capture.unstable}
    targets = [replace(target, known=observed) for target in job.targets]
    return replace(job, url=job.reference_url or job.url, targets=targets)


def abandoned(job: CaptureJob, reason: Reason, message: str) -> CaptureResult:
    """The result of a job that the watchdog could not free from a hang."""
    return CaptureResult(id=job.id, status="failed", reason=reason, message=message)


def folder_problem(job: CaptureJob) -> str | None:
    return None if Path(job.output_dir).is_dir() else f"The output folder {job.output_dir} does not exist."
