"""The numbers of a comparison as one plain sentence."""

from scene.domain.amounts import count, percent
from scene.domain.comparison import ComparisonStats, Region, ShiftBand
from scene.domain.options import ComparisonPolicy

_MAX_BANDS_NAMED = 2
"""More inserted or removed bands than this are summed up instead of listed."""
_LOOKS = {"text": ", like text", "picture": ", like a picture", "plain": "", None: ""}
_DEFAULT = ComparisonPolicy()


def explain(stats: ComparisonStats, policy: ComparisonPolicy = _DEFAULT) -> str:
    """One sentence that ends with a full stop: what changed, where, and how much of the picture that is.

    policy: what the comparison was judged by. What it lets pass is said too.
    """
    if stats.masked_pixels >= stats.width * stats.height:
        return "Masks cover all of it: nothing was compared."
    if stats.identical:
        return f"Identical{_outside_masks(stats)}."
    if stats.changed_pixels == 0 and stats.different_pixels == 0:
        return f"{'; '.join([f'Nothing changed{_outside_masks(stats)}', *_shift(stats, policy)])}."
    if stats.changed_pixels == 0:
        return f"No difference beyond the tolerance; {_tolerated(stats)}."
    parts = [*_regions(stats), *_shift(stats, policy)]
    if stats.counted_pixels(policy):
        parts.append(_amount(stats, policy))
    return f"{'; '.join(parts)}."


def _outside_masks(stats: ComparisonStats) -> str:
    return f" outside the masked {stats.masked_pixels:,} px" if stats.masked_pixels else ""


def _tolerated(stats: ComparisonStats) -> str:
    ignored = [
        *([count(stats.antialiased_pixels, "anti-aliased pixel")] if stats.antialiased_pixels else []),
        *([count(stats.jitter_pixels, "pixel") + " of jitter"] if stats.jitter_pixels else []),
    ]
    if ignored:
        return f"{' and '.join(ignored)} ignored"
    return f"{count(stats.different_pixels, 'pixel')} differ{'s' if stats.different_pixels == 1 else ''} slightly"


def _regions(stats: ComparisonStats) -> list[str]:
    """The regions other than whole inserted or removed bands, which are told as what they are."""
    told = [region for region in stats.regions if _band_of(region, stats) is not None]
    regions = [region for region in stats.regions if region not in told]
    number = stats.total_regions - len(told)
    if not regions:
        return []
    largest = regions[0]
    where = f"{largest.width} x {largest.height} px at ({largest.x}, {largest.y}){_LOOKS[largest.looks]}"
    return [f"1 region changed, {where}" if number == 1 else f"{number:,} regions changed, the largest {where}"]


def _band_of(region: Region, stats: ComparisonStats) -> ShiftBand | None:
    for band in stats.shift_bands:
        if (region.x, region.y, region.height) == (band.x, band.observed_y, band.rows):
            return band
    return None


def _shift(stats: ComparisonStats, policy: ComparisonPolicy) -> list[str]:
    """What was inserted and removed; then whether the policy lets it pass, and whether it is all there is."""
    parts = [*_bands(stats, "inserted"), *_bands(stats, "removed")]
    if not parts:
        return []
    if stats.ignores_shift(policy):
        parts[-1] += f" (a shift of up to {count(policy.max_shift_rows or 0, 'row')} is ignored)"
    if stats.clipped_rows:
        parts.append(f"{count(stats.clipped_rows, 'row')} pushed out at the bottom")
    if stats.shifted_pixels == stats.changed_pixels > 0:
        parts.append("nothing else differs")
    return parts


def _bands(stats: ComparisonStats, kind: str) -> list[str]:
    bands = [band for band in stats.shift_bands if band.kind == kind]
    if not bands:
        return []
    if not stats.aligned:
        more_or_fewer = "more" if kind == "inserted" else "fewer"
        return [f"{count(bands[0].rows, 'row')} {more_or_fewer} at the bottom"]
    if len(bands) <= _MAX_BANDS_NAMED:
        return [f"{count(band.rows, 'row')} {kind} at y={band.observed_y}{_columns(band)}" for band in bands]
    return [f"{count(sum(band.rows for band in bands), 'row')} {kind} in {len(bands)} places"]


def _columns(band: ShiftBand) -> str:
    return "" if band.width is None else f" in columns {band.x} to {band.x + band.width - 1}"


def _amount(stats: ComparisonStats, policy: ComparisonPolicy) -> str:
    """Pixels beside percent: a small change on a tall page is next to nothing in percent alone."""
    counted, residual = stats.counted_pixels(policy), stats.changed_pixels - stats.shifted_pixels
    area = max(1, stats.width * stats.height - stats.masked_pixels)
    shown = stats.percent_changed if counted == stats.changed_pixels else 100 * counted / area
    amount = f"{counted:,} px, {percent(shown)} of the picture"
    if 0 < residual < counted:
        return f"{amount}, {residual:,} px of it besides the shift"
    return amount if counted == stats.changed_pixels else f"{amount}, besides the shift"
