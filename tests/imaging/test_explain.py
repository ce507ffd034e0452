"""One sentence a person can use."""

from typing import Any

import pytest

from scene.domain.comparison import Region, ShiftBand
from scene.domain.options import ComparisonPolicy
from scene.imaging.compare import identical_stats
from scene.imaging.explain import explain

BUTTON = Region(x=12, y=640, width=340, height=28, changed_pixels=900)
DOT = Region(x=1, y=2, width=3, height=4, changed_pixels=12)


def inserted(y: int, rows: int) -> ShiftBand:
    return ShiftBand(kind="inserted", baseline_y=y, observed_y=y, rows=rows)


def removed(y: int, rows: int) -> ShiftBand:
    return ShiftBand(kind="removed", baseline_y=y, observed_y=y, rows=rows)


def band(y: int, rows: int) -> Region:
    return Region(x=0, y=y, width=1280, height=rows, changed_pixels=rows * 1280)


def told(policy: ComparisonPolicy | None = None, **changes: Any) -> str:
    changed = {"identical": False, "total_regions": len(changes.get("regions", [])), **changes}
    return explain(identical_stats(1280, 800).model_copy(update=changed), policy or ComparisonPolicy())


def test_identical() -> None:
    assert explain(identical_stats(1280, 800)) == "Identical."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"antialiased_pixels": 214, "different_pixels": 900},
         "No difference beyond the tolerance; 214 anti-aliased pixels ignored."),
        ({"antialiased_pixels": 214, "jitter_pixels": 1, "different_pixels": 900},
         "No difference beyond the tolerance; 214 anti-aliased pixels and 1 pixel of jitter ignored."),
        ({"different_pixels": 1}, "No difference beyond the tolerance; 1 pixel differs slightly."),
        ({"different_pixels": 3200}, "No difference beyond the tolerance; 3,200 pixels differ slightly."),
        ({"changed_pixels": 9, "percent_changed": 0.001, "regions": [DOT]},
         "1 region changed, 3 x 4 px at (1, 2); 9 px, less than 0.01 % of the picture."),
        ({"changed_pixels": 900, "percent_changed": 0.001, "regions": [BUTTON.model_copy(update={"looks": "text"})]},
         "1 region changed, 340 x 28 px at (12, 640), like text; 900 px, less than 0.01 % of the picture."),
        ({"changed_pixels": 77_712, "shifted_pixels": 76_800, "percent_changed": 0.314, "aligned": True,
          "shift_bands": [inserted(120, 60)], "regions": [band(120, 60), BUTTON, DOT]},
         ("2 regions changed, the largest 340 x 28 px at (12, 640); 60 rows inserted at y=120; "
          "77,712 px, 0.31 % of the picture, 912 px of it besides the shift.")),
        ({"changed_pixels": 1280, "shifted_pixels": 1280, "percent_changed": 5.0, "aligned": True,
          "shift_bands": [removed(7, 1)]},
         "1 row removed at y=7; nothing else differs; 1,280 px, 5.00 % of the picture."),
        ({"changed_pixels": 9, "shifted_pixels": 9, "percent_changed": 5.0, "aligned": True, "clipped_rows": 30,
          "regions": [band(0, 30)], "shift_bands": [inserted(0, 30)]},
         ("30 rows inserted at y=0; 30 rows pushed out at the bottom; nothing else differs; "
          "9 px, 5.00 % of the picture.")),
        ({"changed_pixels": 10, "shifted_pixels": 9, "percent_changed": 5.0, "aligned": True,
          "shift_bands": [removed(1, 1), removed(5, 2), removed(9, 3)], "regions": [DOT]},
         ("1 region changed, 3 x 4 px at (1, 2); 6 rows removed in 3 places; "
          "10 px, 5.00 % of the picture, 1 px of it besides the shift.")),
        ({"changed_pixels": 9, "percent_changed": 5.0, "shift_bands": [inserted(800, 90)],
          "regions": [band(800, 90)]},
         "90 rows more at the bottom; 9 px, 5.00 % of the picture."),
        ({"changed_pixels": 9, "percent_changed": 5.0, "shift_bands": [removed(800, 90)],
          "regions": [band(800, 90)]},
         "90 rows fewer at the bottom; 9 px, 5.00 % of the picture."),
        ({"changed_pixels": 256_000, "percent_changed": 25.0, "regions": [BUTTON], "total_regions": 1234},
         "1,234 regions changed, the largest 340 x 28 px at (12, 640); 256,000 px, 25.00 % of the picture."),
    ],
)  # fmt: skip
def test_what_changed_is_said_in_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert told(**changes) == sentence


SHIFT = {"shifted_pixels": 76_800, "aligned": True, "shift_bands": [inserted(120, 60)]}


def test_an_ignored_shift_is_said_all_the_same() -> None:
    lets_pass = ComparisonPolicy(shift="ignore", max_shift_rows=60)
    moved = told(lets_pass, changed_pixels=76_800, percent_changed=7.5, regions=[band(120, 60)], **SHIFT)
    assert moved == "60 rows inserted at y=120 (a shift of up to 60 rows is ignored); nothing else differs."


def test_beside_an_ignored_shift_only_the_rest_is_counted() -> None:
    lets_pass = ComparisonPolicy(shift="ignore", max_shift_rows=100)
    moved = told(lets_pass, changed_pixels=76_812, percent_changed=7.5, regions=[band(120, 60), DOT], **SHIFT)
    assert moved == (
        "1 region changed, 3 x 4 px at (1, 2); 60 rows inserted at y=120 (a shift of up to 100 rows is ignored); "
        "12 px, less than 0.01 % of the picture, besides the shift."
    )
