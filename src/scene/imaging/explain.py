"""The numbers of a comparison as one plain sentence."""

from scene.domain.comparison import ComparisonStats, Region, ShiftBand

_MAX_BANDS_NAMED = 2
"""More inserted or removed bands than this are summed up instead of listed."""


def explain(stats: ComparisonStats) -> str:
    """One sentence that ends with a full stop: what changed, where, and how much of the picture that is."""
    if stats.identical:
        return "Identical."
    if stats.changed_pixels == 0:
        return f"No difference beyond the tolerance; {_tolerated(stats)}."
    parts = [
        *_regions(stats),
        *_shifts(stats, "inserted"),
        *_shifts(stats, "removed"),
        *([f"{_count(stats.clipped_rows, 'row')} pushed out at the bottom"] if stats.clipped_rows else []),
        f"{_count(stats.changed_pixels, 'pixel')}, {_percent(stats.percent_changed)} of the picture",
    ]
    return f"{'; '.join(parts)}."


def _tolerated(stats: ComparisonStats) -> str:
    ignored = [
        *([_count(stats.antialiased_pixels, "anti-aliased pixel")] if stats.antialiased_pixels else []),
        *([_count(stats.jitter_pixels, "pixel") + " of jitter"] if stats.jitter_pixels else []),
    ]
    if ignored:
        return f"{' and '.join(ignored)} ignored"
    return f"{_count(stats.different_pixels, 'pixel')} differ{'s' if stats.different_pixels == 1 else ''} slightly"


def _regions(stats: ComparisonStats) -> list[str]:
    """The regions other than whole inserted or removed bands, which are told as what they are."""
    told = [region for region in stats.regions if _band_of(region, stats) is not None]
    regions = [region for region in stats.regions if region not in told]
    count = stats.total_regions - len(told)
    if not regions:
        return []
    largest = regions[0]
    where = f"{largest.width} x {largest.height} px at ({largest.x}, {largest.y})"
    return [f"1 region changed, {where}" if count == 1 else f"{count:,} regions changed, the largest {where}"]


def _band_of(region: Region, stats: ComparisonStats) -> ShiftBand | None:
    for band in stats.shift_bands:
        if (region.x, region.y, region.height) == (0, band.observed_y, band.rows):
            return band
    return None


def _shifts(stats: ComparisonStats, kind: str) -> list[str]:
    bands = [band for band in stats.shift_bands if band.kind == kind]
    if not bands:
        return []
    if not stats.aligned:
        more_or_fewer = "more" if kind == "inserted" else "fewer"
        return [f"{_count(bands[0].rows, 'row')} {more_or_fewer} at the bottom"]
    if len(bands) <= _MAX_BANDS_NAMED:
        return [f"{_count(band.rows, 'row')} {kind} at y={band.observed_y}" for band in bands]
    return [f"{_count(sum(band.rows for band in bands), 'row')} {kind} in {len(bands)} places"]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _percent(percent: float) -> str:
    return "less than 0.01 %" if percent < 0.01 else f"{percent:.2f} %"
