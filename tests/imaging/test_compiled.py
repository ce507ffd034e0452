"""What is compiled and what numpy does give the same answers, and neither reads or writes where it should not."""

import io
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from scene.domain.comparison import Box
from scene.domain.masking import ComparedMask
from scene.domain.masks import Mask
from scene.domain.options import ComparisonPolicy
from scene.errors import PictureError
from scene.imaging import compiled
from scene.imaging.align import place_hashes, strip_hashes
from scene.imaging.build import FLAGS, BuildError, build
from scene.imaging.cells import Cells
from scene.imaging.compare import ComparisonResult, compare_pictures
from scene.imaging.compiled import Loops
from scene.imaging.decode import decode_png
from scene.imaging.fingerprint import touching_rows
from scene.imaging.heatmap import gather_heat
from scene.imaging.kernel import Span, compare_rows, differing_rows
from scene.imaging.looks import count_shades
from scene.imaging.moved import count_columns
from scene.imaging.patience import equal_runs, moved_rows
from scene.imaging.pixels import MASKED, Pixels
from scene.imaging.similarity import block_sums
from tests.imaging.pictures import FEW_COLOURS, chunk, page, plain, png, up_filtered_png

T = TypeVar("T")


@pytest.fixture(scope="module")
def found() -> Loops:
    assert compiled.LOOPS is not None, compiled.STATE
    return compiled.LOOPS


def by_numpy(work: Callable[[], T]) -> T:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "LOOPS", None)
        return work()


@st.composite
def spans(draw: st.DrawFn) -> tuple[Pixels, Pixels, Span]:
    """Two pictures of one width and other heights, with masked pixels, and rows that both have."""
    width = draw(st.integers(1, 12))
    colours = st.one_of(FEW_COLOURS, st.just(int(MASKED)), st.integers(0, 0xFFFFFF))
    before, after = (
        draw(arrays(np.uint32, (draw(st.integers(1, 12)), width), elements=colours, fill=FEW_COLOURS)) for _ in range(2)
    )
    rows = draw(st.integers(0, min(len(before), len(after))))
    places = draw(st.integers(0, len(before) - rows)), draw(st.integers(0, len(after) - rows))
    return before, after, Span(*places, rows)


@settings(max_examples=400, deadline=None)
@given(spans(), st.sampled_from([0.0, 0.05, 0.1, 0.3, 1.0]), st.booleans(), st.sampled_from([0, 1]))
def test_the_same_pixels_differ_to_the_last_bit(
    drawn: tuple[Pixels, Pixels, Span], tolerance: float, ignore_antialiasing: bool, jitter: int
) -> None:
    def compared() -> dict[str, object]:
        difference = compare_rows(
            *drawn, pixel_tolerance=tolerance, ignore_antialiasing=ignore_antialiasing, jitter_tolerance=jitter
        )
        return {name: np.asarray(value).tolist() for name, value in vars(difference).items()}

    assert compared() == by_numpy(compared)


@settings(max_examples=100, deadline=None)
@given(spans())
def test_columns_of_pictures_are_compared_as_copies_of_them_are(drawn: tuple[Pixels, Pixels, Span]) -> None:
    before, after, span = drawn
    beside = plain(3, 12, 0x336699)
    wider = [np.hstack([beside[: len(side)], side, beside[: len(side)]])[:, 3:-3] for side in (before, after)]
    found = [compare_rows(*sides, span, pixel_tolerance=0.1, ignore_antialiasing=True) for sides in (wider, drawn[:2])]
    one, other = ({name: np.asarray(value).tolist() for name, value in vars(each).items()} for each in found)
    assert one == other


def test_looking_ends_with_the_row_in_which_too_many_pixels_have_changed(found: Loops) -> None:
    few, many = (found.compare_rows(plain(8, 4), plain(8, 4, 1), (0, 0, 4), 0.0, 0, False, most) for most in (9, None))
    assert (len(few.changed), len(many.changed)) == (16, 32)


@settings(max_examples=100, deadline=None)
@given(spans())
def test_the_same_rows_differ(drawn: tuple[Pixels, Pixels, Span]) -> None:
    before, after, span = drawn
    sides = before[: span.rows], after[: span.rows]
    assert differing_rows(*sides).tolist() == by_numpy(lambda: differing_rows(*sides).tolist())


@settings(max_examples=100, deadline=None)
@given(spans(), st.sampled_from([0.0, 352.15, 35215.0]))
def test_as_many_pixels_of_a_column_differ(drawn: tuple[Pixels, Pixels, Span], limit: float) -> None:
    before, after, span = drawn
    sides = np.hstack([before] * 3), np.hstack([after] * 3), np.arange(0, span.rows, 2), limit
    assert compiled.LOOPS is not None
    counted = [[each.tolist() for each in count(*sides)] for count in (compiled.LOOPS.count_columns, count_columns)]
    assert counted[0] == counted[1]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 90), st.integers(0, 5), st.sets(st.integers(1, 44), max_size=5), st.integers(0, 99))
def test_rows_have_the_same_hashes(width: int, height: int, cuts: set[int], seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 1 << 24, (height, width), dtype=np.uint32)
    edges = np.array([0, *(2 * cut for cut in sorted(cuts) if 2 * cut < width), width], np.intp)
    strips = edges[:-1], edges[1:]
    hashes = strip_hashes(picture, *strips)
    assert hashes.tolist() == by_numpy(lambda: strip_hashes(picture, *strips).tolist())
    rows = np.flatnonzero(np.random.default_rng(seed).integers(0, 2, height))
    some = (rows, *(side[::2] for side in strips))
    assert place_hashes(picture, *some).tolist() == hashes[::2, rows].tolist()
    assert by_numpy(lambda: place_hashes(picture, *some).tolist()) == hashes[::2, rows].tolist()


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 255), st.integers(1, 100), st.integers(0, 99))
def test_shades_and_edges_are_counted_alike(width: int, height: int, edge: int, percent: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    picture = random.choice(random.integers(0, 1 << 24, 20, dtype=np.uint32), (height + 2, width + 3))
    areas = np.array([[2, 1, width, height], [0, 0, width + 3, height + 2], [0, 1, 1, 1]])
    assert compiled.LOOPS is not None
    how = areas, percent, 5, edge
    assert compiled.LOOPS.shades(picture, *how).tolist() == count_shades(picture, *how).tolist()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 12), max_size=40), st.lists(st.integers(0, 12), max_size=40), st.integers(0, 9))
def test_the_same_runs_of_rows_are_equal(before: list[int], after: list[int], common: int) -> None:
    """Beside rows that repeat, stretches that both have and that occur once."""
    once = [list(range(100 * k, 100 * k + common)) for k in range(1, 5)]
    sides = [np.array(interleaved(side, once), np.uint64) for side in (before, after)]
    assert equal_runs(*sides) == by_numpy(lambda: equal_runs(*sides))
    heights = np.cumsum(np.arange(max(map(len, sides))) % 3 + 1)
    assert moved_rows(*sides, heights) == by_numpy(lambda: moved_rows(*sides, heights))


def interleaved(rows: list[int], stretches: list[list[int]]) -> list[int]:
    """A part of the rows before each of the stretches."""
    step = len(rows) // len(stretches) + 1
    return [row for k, stretch in enumerate(stretches) for row in (*rows[k * step : (k + 1) * step], *stretch)]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 70), st.lists(st.integers(0, 3000), unique=True).map(sorted), st.sampled_from([4, 8, 16]))
def test_positions_are_gathered_in_the_same_cells(width: int, drawn: list[int], side: int) -> None:
    positions = np.array(drawn, np.intp)

    def gathered() -> list[object]:
        return [np.asarray(value).tolist() for value in vars(Cells.of(positions, width, side)).values()]

    assert gathered() == by_numpy(gathered)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 70), st.lists(st.integers(0, 3000), unique=True).map(sorted), st.integers(0, 99))
def test_changed_pixels_have_the_same_name_and_the_same_heat(width: int, drawn: list[int], seed: int) -> None:
    positions, random = np.array(drawn, np.intp), np.random.default_rng(seed)
    before, after = (random.integers(0, 1 << 24, len(drawn), dtype=np.uint32) for _ in range(2))
    delta, grid = random.uniform(0, 35215, len(drawn)), (width, 4, 0, -(-width // 4), -(-width // 4) * 751)
    assert compiled.LOOPS is not None
    assert compiled.LOOPS.touching(positions, before, after, width) == touching_rows(positions, before, after, width)
    heat = compiled.LOOPS.heat(positions, delta, *grid), gather_heat(positions, delta, *grid)
    assert heat[0].tolist() == heat[1].tolist()


@settings(max_examples=50, deadline=None)
@given(st.integers(8, 30), st.integers(8, 30), st.integers(8, 30), st.integers(0, 99))
def test_blocks_have_the_same_sums(width: int, before_height: int, after_height: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    before = random.integers(0, 1 << 24, (before_height, width), dtype=np.uint32)
    after = random.integers(0, 1 << 24, (after_height, width + 3), dtype=np.uint32)
    places = random.integers(0, [width - 7, before_height - 7, after_height - 7], (20, 3))
    assert compiled.LOOPS is not None
    assert compiled.LOOPS.block_sums(before, after, places).tolist() == block_sums(before, after, places).tolist()


def filtered_png(samples: np.ndarray, filters: list[int]) -> bytes:
    """A PNG file whose rows have these filters; ``samples`` are the filtered bytes, so any bytes make a picture."""
    height, width, channels = samples.shape
    rows = np.hstack([np.array(filters, np.uint8)[:, None], samples.reshape(height, -1)])
    header = struct.pack(">IIBBBBB", width, height, 8, {3: 2, 4: 6}[channels], 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows.tobytes())), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 20), st.integers(1, 20), st.sampled_from([3, 4]))
def test_every_filter_is_undone_as_pillow_does(data: st.DataObject, width: int, height: int, channels: int) -> None:
    samples = data.draw(arrays(np.uint8, (height, width, channels)))
    filters = data.draw(st.lists(st.integers(0, 4), min_size=height, max_size=height))
    file = filtered_png(samples, filters)
    assert decode_png(file).tolist() == by_numpy(lambda: decode_png(file).tolist())


def answer(file: bytes) -> list[list[int]] | str:
    try:
        return decode_png(file).tolist()  # type: ignore[no-any-return]
    except PictureError as error:
        return error.message


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from([3, 4]), st.booleans())
def test_of_a_damaged_file_both_say_the_same(data: st.DataObject, channels: int, only_up: bool) -> None:
    """The damage is in the compressed data, under a right checksum: cut off, or with bytes exchanged."""
    samples = np.random.default_rng(data.draw(st.integers(0, 9))).integers(0, 256, (9, 11, channels), dtype=np.uint8)
    filters = [2] * 9 if only_up else data.draw(st.lists(st.integers(0, 6), min_size=9, max_size=9))
    file = filtered_png(samples, filters)
    packed = bytearray(file[41:-16])
    for _ in range(data.draw(st.integers(0, 3))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    packed = packed[: data.draw(st.integers(0, len(packed)))]
    damaged = file[:33] + chunk(b"IDAT", bytes(packed)) + chunk(b"IEND", b"")
    assert answer(damaged) == by_numpy(lambda: answer(damaged))


def test_a_filter_that_does_not_exist_is_a_damaged_picture() -> None:
    file = filtered_png(np.zeros((3, 4, 3), np.uint8), [1, 5, 1])
    with pytest.raises(PictureError, match=r"^The picture is a damaged PNG picture"):
        decode_png(file)


def whole(before: bytes, after: bytes, masks: tuple[ComparedMask, ...]) -> tuple[object, ...]:
    result: ComparisonResult = compare_pictures(before, after, ComparisonPolicy(), masks=masks)
    drawings = [file and drawn(file) for file in (result.diff_png, result.heatmap_png)]
    return result.stats.model_copy(update={"durations_ms": {}}), *drawings


def drawn(file: bytes) -> tuple[object, ...]:
    """What a palette picture holds. How it is compressed may differ from one time to the next."""
    with Image.open(io.BytesIO(file)) as picture:
        return picture.size, picture.getpalette("RGB"), picture.info.get("transparency"), picture.tobytes()


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("change", ["word", "inserted", "column", "other page", "narrower"])
def test_whole_comparisons_are_the_same_to_the_last_pixel(change: str, masked: bool) -> None:
    before = page(320, 900)
    after = {
        "word": np.where(np.arange(before.size).reshape(before.shape) % 9973 < 40, before ^ np.uint32(0x40), before),
        "inserted": np.vstack([before[:300], plain(320, 37, 0x336699), before[300:]]),
        "column": np.hstack([np.roll(before[:, :160], 30, axis=0), before[:, 160:]]),
        "other page": page(320, 700, seed=2),
        "narrower": before[:, :301],
    }[change]
    area = [Box(x=20, y=500, width=100, height=60)]
    masks = (ComparedMask(mask=Mask(selector="#clock"), baseline=area, observed=area),) if masked else ()
    files = png(before), up_filtered_png(np.ascontiguousarray(after).view(np.uint8).reshape(*after.shape, 4)[..., :3])
    assert whole(*files, masks) == by_numpy(lambda: whole(*files, masks))


NOT_THERE = [[-1, 0, 1, 1], [0, -1, 1, 1], [0, 0, 9, 1], [0, 0, 1, 5], [8, 0, 1, 1], [0, 0, 0, 1], [1 << 62, 0, 9, 1]]


def test_arrays_of_another_size_or_kind_are_refused(found: Loops) -> None:
    picture, weights = plain(8, 4), np.ones(4, np.uint64)
    wrong: list[Callable[[], object]] = [
        lambda: found.differing_rows(picture, plain(7, 4)),
        lambda: found.differing_rows(picture, picture.astype(np.uint64)),
        lambda: found.differing_rows(picture, plain(16, 4)[:, ::2]),
        lambda: found.hash_strips(picture, np.array([0]), np.array([8]), weights[:3]),
        lambda: found.hash_strips(picture, np.array([0]), np.array([4, 8]), weights),
        *(partial(found.hash_places, picture, np.array([y]), np.array([0]), np.array([8]), weights) for y in (-1, 4)),
        lambda: found.hash_places(picture, np.array([0]), np.array([0]), np.array([4, 8]), weights),
        lambda: found.undo_filters(np.zeros((4, 24), np.uint8), np.zeros(24, np.uint8), picture),
        lambda: found.undo_filters(np.zeros((4, 17), np.uint8), np.zeros(16, np.uint8), picture),
        lambda: found.compare_rows(picture, plain(9, 4), (0, 0, 4), 1.0, 1, True),
        lambda: found.shades(picture[:, ::2], np.array([[0, 0, 1, 1]]), 95, 60, 48),
        *(partial(found.shades, picture, np.array([area]), 95, 60, 48) for area in NOT_THERE),
        lambda: found.block_sums(plain(8, 8), plain(8, 8), np.array([[1, 0, 0]])),
        lambda: found.block_sums(plain(8, 8), plain(8, 9), np.array([[0, 1, 0]])),
        lambda: found.block_sums(plain(8, 8), plain(8, 9), np.array([[0, 0, -1]])),
        lambda: found.block_sums(plain(8, 4), plain(8, 8), np.zeros((0, 3), np.int64)),
        lambda: found.touching(np.array([1, 2]), picture[0, :2], picture[0, :1], 8),
        lambda: found.touching(np.array([-1]), picture[0, :1], picture[0, :1], 8),
        *(partial(found.cells, np.array([at]), 8, 16, 1, 1, 1) for at in (-1, 0, 8 * 32)),
        *(partial(found.heat, np.array([at]), np.ones(1), 8, 4, 1, 2, 2) for at in (-1, 0, 8 * 8)),
        lambda: found.heat(np.array([32]), np.ones(2), 8, 4, 1, 2, 2),
        lambda: found.equal_runs(np.zeros(1, np.uint64), np.zeros(1, np.int64)),
        lambda: found.moved_rows(np.zeros(4, np.uint64)[::2], np.zeros(1, np.uint64), np.arange(2)),
        lambda: found.moved_rows(np.zeros(2, np.uint64), np.zeros(1, np.uint64), np.arange(1)),
        lambda: found.count_columns(picture, plain(9, 4), np.array([0]), 1.0),
        *(partial(found.count_columns, picture, plain(8, 5), np.array([y]), 1.0) for y in (-1, 4)),
    ]
    for call in wrong:
        with pytest.raises(ValueError, match=r"needed|do not have"):
            call()


@pytest.mark.parametrize("rows", [(1, 0, 4), (0, 1, 4), (-1, 0, 2), (0, -1, 2), (0, 0, 5), (0, 0, -1), (9, 9, 0)])
def test_rows_that_a_picture_has_not_are_refused_in_c(found: Loops, rows: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="do not have"):
        found.compare_rows(plain(8, 4), plain(8, 4), rows, 1.0, 1, True)


@pytest.mark.parametrize("strip", [(-2, 4), (3, 8), (8, 10), (4, 4), (6, 4), (0, 9)])
def test_strips_that_make_no_sense_are_refused_in_c(found: Loops, strip: tuple[int, int]) -> None:
    (start, end), weights = ([at] for at in strip), np.ones(4, np.uint64)
    with pytest.raises(ValueError, match="do not have"):
        found.hash_strips(plain(8, 4), np.array(start), np.array(end), weights)
    with pytest.raises(ValueError, match="do not have"):
        found.hash_places(plain(8, 4), np.array([0]), np.array(start), np.array(end), weights)


def test_a_library_of_another_version_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = build(tmp_path / "_kernel.so")
    (tmp_path / "rows.c").write_text("/* newer */")
    monkeypatch.setattr(compiled, "LIBRARY", library)
    monkeypatch.setattr(compiled, "SOURCES", tmp_path)
    assert compiled.load()[0] is None
    assert "another version" in compiled.load()[1]


def test_a_file_that_is_no_library_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "LIBRARY", tmp_path / "_kernel.so")
    assert compiled.load() == (
        None,
        "by numpy, for nothing is compiled here: compile it with `python -m scene.imaging.build`",
    )
    (tmp_path / "_kernel.so").write_text("no library")
    assert "cannot be used" in compiled.load()[1]


def test_without_a_compiler_the_build_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match="apt-get install gcc libc6-dev"):
        build(tmp_path / "_kernel.so")
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_compile_is_quoted_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "rows.c"
    source.write_text("int scene_source(void) { return }")
    monkeypatch.setattr("scene.imaging.build.SOURCES", tmp_path)
    with pytest.raises(BuildError, match=r"could not compile(.|\n)*rows.c"):
        build(tmp_path / "_kernel.so")
    assert list(tmp_path.iterdir()) == [source]


def test_nothing_is_read_or_written_out_of_bounds(tmp_path: Path) -> None:
    """A copy compiled with the address and undefined-behaviour sanitizers runs over pictures of every small size."""
    compiler = shutil.which("cc")
    assert compiler is not None
    driver = Path(__file__).with_name("sanitized.c")
    flags = [flag for flag in FLAGS if flag not in ("-shared", "-fPIC")]
    program = tmp_path / "sanitized"
    checks = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-DSCENE_SANITIZED"]
    subprocess.run([compiler, *flags, *checks, str(driver), "-o", str(program)], check=True)
    answer = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == "every size was tried\n"


def test_the_command_compiles_and_names_the_library() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "scene.imaging.build"], capture_output=True, text=True, check=True, timeout=120
    )
    assert answer.stdout.strip() == str(compiled.LIBRARY)
