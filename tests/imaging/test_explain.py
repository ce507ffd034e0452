"""One sentence a person can use."""

from typing import Any

import pytest

from scene.domain.comparison import Region, ShiftBand
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


def told(**changes: Any) -> str:
    changed = {"identical": False, "total_regions": len(changes.get("regions", [])), **changes}
    return explain(identical_stats(1280, 800).model_copy(update=changed))


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
         "1 region changed, 3 x 4 px at (1, 2); 9 pixels, less than 0.01 % of the picture."),
        ({"changed_pixels": 9, "percent_changed": 0.314, "aligned": True, "shift_bands": [inserted(120, 60)],
          "regions": [band(120, 60), BUTTON, DOT]},
         ("2 regions changed, the largest 340 x 28 px at (12, 640); 60 rows inserted at y=120; "
          "9 pixels, 0.31 % of the picture.")),
        ({"changed_pixels": 9, "percent_changed": 5.0, "aligned": True, "shift_bands": [removed(7, 1)]},
         "1 row removed at y=7; 9 pixels, 5.00 % of the picture."),
        ({"changed_pixels": 9, "percent_changed": 5.0, "aligned": True, "clipped_rows": 30, "regions": [band(0, 30)],
          "shift_bands": [inserted(0, 30)]},
         "30 rows inserted at y=0; 30 rows pushed out at the bottom; 9 pixels, 5.00 % of the picture."),
        ({"changed_pixels": 9, "percent_changed": 5.0, "aligned": True,
          "shift_bands": [removed(1, 1), removed(5, 2), removed(9, 3)]},
         "6 rows removed in 3 places; 9 pixels, 5.00 % of the picture."),
        ({"changed_pixels": 9, "percent_changed": 5.0, "shift_bands": [inserted(800, 90)], "regions": [band(800, 90)]},
         "90 rows more at the bottom; 9 pixels, 5.00 % of the picture."),
        ({"changed_pixels": 9, "percent_changed": 5.0, "shift_bands": [removed(800, 90)], "regions": [band(800, 90)]},
         "90 rows fewer at the bottom; 9 pixels, 5.00 % of the picture."),
        ({"changed_pixels": 9, "percent_changed": 25.0, "regions": [BUTTON], "total_regions": 1234},
         "1,234 regions changed, the largest 340 x 28 px at (12, 640); 9 pixels, 25.00 % of the picture."),
    ],
)  # fmt: skip
def test_what_changed_is_said_in_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert told(**changes) == sentence
