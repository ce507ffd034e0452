"""What the templates of baselines are given."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.catalog import Batch, Project
from scene.domain.promotion import ChangeKind, ItemChange, Promotion
from scene.domain.runs import Run
from scene.store.values import BaselineDifferences
from scene.web.lineage import Lineage
from scene.web.viewer_models import Against, Drawn, Shown, ViewerView, target_words

_KINDS = {
    "recording": "Recorded",
    "promotion": "Promoted from a run",
    "carrying": "Carried from another line",
    "restoration": "An earlier one made current again",
    "import": "Imported",
}


def name_of(baseline: Baseline) -> str:
    """Tells it from the others of its batch in a list to choose from."""
    return f"{baseline.created_at:%Y-%m-%d %H:%M} UTC, line {baseline.line}, {baseline.kind}"


@dataclass(frozen=True)
class BaselineRow:
    """One line of a list of baselines."""

    baseline: Baseline
    is_current: bool
    """The newest of its line."""
    is_pinned: bool
    """Its batch compares with it, whatever the line."""

    @classmethod
    def of(cls, baseline: Baseline, batch: Batch, current: Collection[str]) -> "BaselineRow":
        return cls(baseline, baseline.id in current, baseline.id == batch.baseline_policy.baseline_id)

    @property
    def kind(self) -> str:
        return _KINDS[self.baseline.kind]


@dataclass(frozen=True)
class LineageView:
    """The baselines of a batch."""

    project: Project
    batch: Batch
    rows: list[BaselineRow]
    """Newest first."""
    drawing: Lineage
    own_url: str
    older_url: str | None
    newest_url: str | None


@dataclass(frozen=True)
class ItemTile:
    """One picture of a baseline."""

    item: BaselineItem
    is_new: bool
    """Not in the baseline before."""

    @property
    def target(self) -> str:
        return target_words(self.item.target)


@dataclass(frozen=True)
class BaselineView:
    """One baseline, with a part of its pictures."""

    project: Project
    batch: Batch
    row: BaselineRow
    run: Run | None
    parent: Baseline | None
    source: Baseline | None
    tiles: list[ItemTile]
    own_url: str
    further_url: str | None
    first_url: str | None

    @property
    def baseline(self) -> Baseline:
        return self.row.baseline


@dataclass(frozen=True)
class ViewedChange:
    """One picture in which two baselines differ, as the viewer takes it."""

    change: ItemChange
    notes = "baseline/_change.html"

    @property
    def target(self) -> str:
        return target_words(self.change.target)

    @property
    def label(self) -> str:
        change = self.change
        parts = [change.task_name, change.browser, change.viewport_key]
        return " · ".join([*parts, *([self.target] if change.target != "full" else []), change.kind])

    @property
    def shown(self) -> Shown:
        change = self.change
        before = Drawn.of_picture(change.before)
        return Shown(
            id="",
            # Of no execution: what tells it from the others in the address.
            execution=f"{change.task_id}~{change.browser}~{change.viewport_key}",
            target=change.target,
            name=change.task_name,
            observed=Drawn.of_picture(change.after),
            against=[Against.before(before)] if before else [],
            masked=[],
            moving=None,
            scale=1,
            observed_label="After",
        )


@dataclass(frozen=True)
class BaselineComparisonView:
    """In what two baselines of a batch differ."""

    project: Project
    batch: Batch
    before: Baseline | None
    """None: which one is to be chosen."""
    after: Baseline
    others: Sequence[Baseline]
    """Those that can be chosen, newest first."""
    differences: BaselineDifferences | None = None
    viewer: ViewerView | None = None
    """Of one slice of them."""

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(each.id, name_of(each)) for each in self.others]

    @property
    def counts(self) -> list[tuple[int, str]]:
        return _counts(self.differences.numbers) if self.differences else []

    @property
    def number(self) -> int:
        """Of all differences."""
        return sum(number for number, _ in self.counts)


def _counts(numbers: Mapping[ChangeKind, int]) -> list[tuple[int, str]]:
    """How many pictures change how; without what does not occur."""
    words = {"alternative": "with another alternative", "dropped": "dropped with their tasks"}
    return [(numbers[kind], words.get(kind, str(kind))) for kind in ChangeKind if numbers.get(kind)]


@dataclass(frozen=True)
class Preview:
    """What a new baseline would change of the newest of its line."""

    newest: Baseline | None
    counts: list[tuple[int, str]]
    changes: Sequence[ItemChange]
    """The first ones at least."""
    kept: int
    conflicts: int = 0

    @classmethod
    def of_carrying(cls, promotion: Promotion) -> "Preview":
        counts, conflicts = _counts(promotion.numbers), len(promotion.conflicts)
        return cls(promotion.parent, counts, promotion.changes, promotion.kept, conflicts)

    @classmethod
    def of_restoration(cls, differences: BaselineDifferences) -> "Preview":
        return cls(differences.before, _counts(differences.numbers), differences.changes.items, differences.kept)

    @property
    def number(self) -> int:
        """Of all changes."""
        return sum(number for number, _ in self.counts)


@dataclass(frozen=True)
class MakingView:
    """Asks before a new baseline is made of an old one."""

    baseline: Baseline
    batch: Batch
    preview: Preview | None
    """None: it cannot be made."""
    key: str
    """Of this dialog: sent twice, it makes one baseline."""
    lines: list[str] = field(default_factory=list)
    """That it can be carried to."""
    line: str = ""
    notes: str = ""
    problem: str = ""

    @property
    def is_pinned(self) -> bool:
        """The batch compares with one and the same, and will go on with that one."""
        return self.batch.baseline_policy.use == "pinned"
