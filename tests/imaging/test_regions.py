"""Regions hold every changed pixel once, and are what a person would point at."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scene.domain.comparison import Box
from scene.imaging.regions import bounding_box, box_positions, full_boxes, largest_regions


@st.composite
def positions(draw: st.DrawFn) -> tuple[np.ndarray, int]:
    width = draw(st.integers(1, 200))
    found = draw(st.sets(st.integers(0, width * 150 - 1), max_size=60))
    return np.array(sorted(found), np.intp), width


@settings(max_examples=100, deadline=None)
@given(positions())
def test_every_changed_pixel_is_in_a_region_and_counted_once(found: tuple[np.ndarray, int]) -> None:
    changed, width = found
    boxes = box_positions(changed, width)
    assert boxes[:, 4].sum() == len(changed)
    for position in changed.tolist():
        y, x = divmod(position, width)
        assert any(left <= x < right and top <= y < bottom for left, top, right, bottom, _ in boxes.tolist())


@settings(max_examples=100, deadline=None)
@given(positions())
def test_pixels_share_a_region_exactly_when_a_chain_of_touching_cells_joins_them(
    found: tuple[np.ndarray, int],
) -> None:
    changed, width = found
    cells = {(position // width // 16, position % width // 16) for position in changed.tolist()}
    groups = 0
    while cells:
        groups += 1
        reached = [cells.pop()]
        while reached:
            y, x = reached.pop()
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & cells
            cells -= near
            reached += near
    assert len(box_positions(changed, width)) == groups


def test_boxes_fit_tightly() -> None:
    changed = np.array([5 * 100 + 7, 9 * 100 + 30])
    assert box_positions(changed, 100).tolist() == [[7, 5, 31, 10, 2]]


def test_the_right_edge_does_not_touch_the_left_edge_of_the_rows_below() -> None:
    changed = np.array([99, 16 * 100])
    assert len(box_positions(changed, 100)) == 2


def test_the_largest_come_first_and_the_rest_are_cut() -> None:
    boxes = full_boxes((Box(x=0, y=0, width=1, height=1), Box(x=5, y=5, width=3, height=2)))
    (region,) = largest_regions(boxes, 1)
    assert (region.x, region.y, region.width, region.height, region.changed_pixels) == (5, 5, 3, 2, 6)


def test_the_bounding_box_holds_all() -> None:
    boxes = full_boxes((Box(x=2, y=0, width=1, height=1), Box(x=5, y=5, width=3, height=2)))
    assert bounding_box(boxes) == Box(x=2, y=0, width=6, height=7)
    assert bounding_box(full_boxes(())) is None
