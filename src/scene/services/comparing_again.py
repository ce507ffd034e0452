"""Compare the pictures of an ended run again, under the policies that its tasks have now."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from scene.artifacts.base import ArtifactStore
from scene.domain.baselines import BaselineItem
from scene.domain.comparing_again import check
from scene.domain.filters import ExecutionFilter
from scene.domain.masking import ResolvedMask
from scene.domain.options import ComparisonPolicy
from scene.domain.pictures import Artifact, ArtifactType, Comparison, ComparisonKind, Screenshot, judged
from scene.domain.records import Actor
from scene.domain.runs import Execution, Run
from scene.domain.status import Status
from scene.errors import Conflict, NotFound, StorageError
from scene.services.comparisons import Against, Comparisons, Observed, comparison_folder, new_artifact
from scene.store.base import Store
from scene.store.values import JudgedAgain
from scene.store.walking import parts

_FINISHED = ExecutionFilter(statuses=[Status.FINISHED])
_SLICE = 100


class ComparingAgain:
    def __init__(
        self,
        store: Store,
        artifacts: ArtifactStore,
        comparisons: Comparisons,
        *,
        work_dir: Path,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._artifacts = artifacts
        self._comparisons = comparisons
        self._work_dir = work_dir
        self._clock = clock

    def compare(self, run_id: str, by: Actor) -> Run:
        """The run with its new verdict. Against the same pictures as before; nothing is captured.

        Each execution changes at once and as a whole, its run with it: when something stops this in its middle, the
        rest has its old verdicts, and doing it once more completes it.
        Raises NotFound, Conflict for an active run, for a recording, and when a picture is no longer stored: then
        nothing was changed.
        """
        run = self._store.runs.get(run_id)
        check(run_id, run.purpose, run.status)
        self._check_pictures(run_id)
        self._store.runs.begin_comparing_again(run_id, by)
        policies: dict[str, ComparisonPolicy | None] = {}
        for execution, screenshots in self._executions(run_id):
            if execution.task_id not in policies:
                policies[execution.task_id] = self._policy(execution.task_id)
            again = self._judge(execution, screenshots, policies[execution.task_id])
            if not self._store.executions.judge_again(execution.id, again):
                raise NotFound.of("run", run_id)
        return self._store.runs.end_comparing_again(run_id)

    def _check_pictures(self, run_id: str) -> None:
        found: set[str] = set()
        for execution, screenshots in self._executions(run_id):
            for screenshot in screenshots:
                for digest in _digests_to_decode(screenshot) - found:
                    try:
                        list(self._artifacts.read(digest, 0, 1))
                    except NotFound:
                        raise Conflict(
                            f"A picture of {execution.task_name} ({execution.browser}, {execution.viewport.key}, "
                            f"{screenshot.target}) is no longer stored ({digest[:12]}): nothing was compared again."
                        ) from None
                    found.add(digest)

    def _executions(self, run_id: str) -> Iterator[tuple[Execution, list[Screenshot]]]:
        """Those that finished, each with its screenshots."""
        for some in parts(lambda request: self._store.executions.of_run(run_id, request, _FINISHED), _SLICE):
            screenshots = self._store.screenshots.of([execution.id for execution in some])
            for execution in some:
                yield execution, screenshots[execution.id]

    def _policy(self, task_id: str) -> ComparisonPolicy | None:
        """The task's of this moment; none when it was deleted."""
        try:
            return self._store.tasks.get(task_id).policy
        except NotFound:
            return None

    def _judge(
        self, execution: Execution, screenshots: list[Screenshot], policy: ComparisonPolicy | None
    ) -> list[JudgedAgain]:
        try:
            self._work_dir.mkdir(parents=True, exist_ok=True)
            folder = tempfile.TemporaryDirectory(prefix="again-", dir=self._work_dir)
        except OSError as error:
            raise StorageError(f"No folder for the files of a comparison: {error.strerror}.") from error
        with folder as name:
            return [self._judge_screenshot(execution, screenshot, policy, Path(name)) for screenshot in screenshots]

    def _judge_screenshot(
        self, execution: Execution, screenshot: Screenshot, policy: ComparisonPolicy | None, folder: Path
    ) -> JudgedAgain:
        picture, renderer = screenshot.picture, screenshot.renderer
        previous = [found for kind in ComparisonKind if (found := screenshot.newest(kind)) is not None]
        if picture is None or renderer is None or not previous:
            return JudgedAgain(screenshot.id, screenshot.verdict, [], only_on=screenshot.only_on)
        # What the run froze is what its first comparisons were made by.
        policy = policy or screenshot.comparisons[-1].policy
        file = folder / f"{screenshot.id}.png"
        observed = Observed(
            execution.id, execution.attempt, screenshot.id, picture, file, renderer, masks=screenshot.masks
        )
        items = self._store.baselines.items_by_id([each.baseline_item_id for each in previous if each.baseline_item_id])
        with ExitStack() as stack:
            if _digests_to_decode(screenshot):
                file.symlink_to(stack.enter_context(self._artifacts.local_file(picture.sha256)).absolute())
            comparisons = [
                self._comparisons.compare(
                    observed, _against(screenshot, each, items.get(each.baseline_item_id or "")), policy
                )
                for each in previous
            ]
        files = [stats for each in comparisons for stats in self._stats(execution, observed, each)]
        return JudgedAgain(
            screenshot.id, judged(comparisons, screenshot.unstable), comparisons, files, screenshot.only_on
        )

    def _stats(self, execution: Execution, observed: Observed, comparison: Comparison) -> list[Artifact]:
        """The numbers beside a diff, as a file."""
        path = comparison_folder(observed.file, comparison.kind) / "stats.json"
        if comparison.diff is None or not path.exists():
            return []
        blob = self._artifacts.put_file(path)
        name = path.name if comparison.kind is ComparisonKind.BASELINE else f"{comparison.kind}-{path.name}"
        stats = new_artifact(
            blob,
            ArtifactType.STATS,
            name,
            "application/json",
            self._clock(),
            execution_id=execution.id,
            attempt=execution.attempt,
        )
        return [stats]


def _digests_to_decode(screenshot: Screenshot) -> set[str]:
    """Of the pictures that differ from what they are compared with; equal digests are equal pictures."""
    if screenshot.picture is None:
        return set()
    own = screenshot.picture.sha256
    newest = [screenshot.newest(kind) for kind in ComparisonKind]
    others = {found.against.sha256 for found in newest if found is not None} - {own}
    return others | {own} if others else set()


def _against(screenshot: Screenshot, previous: Comparison, item: BaselineItem | None) -> Against:
    if item is not None:
        right = item if previous.alternative is None else item.alternatives[previous.alternative]
        renderer, masks = right.renderer, right.masks
    else:
        # The same attempt captured the reference page, and only its first comparison tells where its masks were.
        assert screenshot.renderer is not None
        renderer = screenshot.renderer
        first = [each for each in screenshot.comparisons if each.kind is previous.kind][-1]
        masks = [
            ResolvedMask(mask=each.mask, areas=each.baseline) for each in first.masks if each.taken_from != "observed"
        ]
    return Against(
        previous.kind,
        previous.against,
        renderer,
        decides=previous.decides,
        baseline_item_id=previous.baseline_item_id,
        masks=masks,
        unstable=previous.against_unstable,
        alternative=previous.alternative,
    )
