"""The work of a pool worker, on files: small enough to describe in a line of JSON."""

from collections.abc import Sequence
from pathlib import Path

from scene.domain.comparison import ComparisonStats
from scene.domain.masking import ComparedMask
from scene.domain.options import ComparisonPolicy
from scene.imaging.compare import ComparisonResult, compare_pictures
from scene.imaging.files import write_atomically
from scene.imaging.thumbnail import make_webp_thumbnail

DIFF_NAME = "diff.png"
HEATMAP_NAME = "heatmap.png"
STATS_NAME = "stats.json"


def compare_files(
    baseline: Path, observed: Path, out_dir: Path, policy: ComparisonPolicy, masks: Sequence[ComparedMask] = ()
) -> ComparisonStats:
    """Compare two PNG files and write what was found into ``out_dir``, which is made when missing.

    Writes diff.png and heatmap.png when any pixel counts as changed (else removes those of an earlier comparison),
    then stats.json, each atomically. Raises PictureError for a picture that cannot be used, whose sentence begins
    with its path, and OSError for a file that cannot be read or written.
    """
    result = compare_pictures(
        baseline.read_bytes(), observed.read_bytes(), policy, labels=(str(baseline), str(observed)), masks=masks
    )
    write_result(result, out_dir)
    return result.stats


def write_result(result: ComparisonResult, out_dir: Path) -> None:
    """Write the pictures and stats.json of a comparison, as ``compare_files`` does. Raises OSError."""
    out_dir.mkdir(parents=True, exist_ok=True)
    for name, content in ((DIFF_NAME, result.diff_png), (HEATMAP_NAME, result.heatmap_png)):
        if content is None:
            (out_dir / name).unlink(missing_ok=True)
        else:
            write_atomically(out_dir / name, content)
    write_atomically(out_dir / STATS_NAME, result.stats.model_dump_json().encode())


def make_thumbnail(picture: Path, out: Path) -> tuple[int, int]:
    """Write a WebP preview of a PNG file to ``out``, atomically; return its width and height in pixels.

    Raises PictureError for a picture that cannot be used, OSError for a file that cannot be read or written.
    """
    webp, width, height = make_webp_thumbnail(picture.read_bytes(), str(picture))
    write_atomically(out, webp)
    return width, height
