"""pixelmatch 7 for opaque pictures, written once more as plainly as possible: what the fast kernel is held against."""

from scene.imaging.pixels import Pixels


def slow_pixelmatch(a: Pixels, b: Pixels, threshold: float, ignore_antialiasing: bool) -> tuple[set, set]:
    """The (x, y) of the changed and of the anti-aliased pixels."""
    height, width = a.shape
    changed, smooth = set(), set()
    one, other = a.tolist(), b.tolist()
    for y in range(height):
        for x in range(width):
            if _distance(one[y][x], other[y][x]) <= 35215 * threshold * threshold:
                continue
            antialiased = ignore_antialiasing and (_antialiased(one, other, x, y) or _antialiased(other, one, x, y))
            (smooth if antialiased else changed).add((x, y))
    return changed, smooth


def _rgb(pixel: int) -> tuple[int, int, int]:
    return pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255


def _distance(p: int, q: int) -> float:
    dr, dg, db = (c - d for c, d in zip(_rgb(p), _rgb(q), strict=True))
    y = dr * 0.29889531 + dg * 0.58662247 + db * 0.11448223
    i = dr * 0.59597799 - dg * 0.27417610 - db * 0.32180189
    q_ = dr * 0.21147017 - dg * 0.52261711 + db * 0.31114694
    return 0.5053 * y * y + 0.299 * i * i + 0.1957 * q_ * q_


def _brightness(p: int, q: int) -> float:
    dr, dg, db = (c - d for c, d in zip(_rgb(p), _rgb(q), strict=True))
    return dr * 0.29889531 + dg * 0.58662247 + db * 0.11448223


def _around(picture: list, x: int, y: int) -> tuple[list, int]:
    height, width = len(picture), len(picture[0])
    x0, x2, y0, y2 = max(x - 1, 0), min(x + 1, width - 1), max(y - 1, 0), min(y + 1, height - 1)
    cells = [(i, j) for i in range(x0, x2 + 1) for j in range(y0, y2 + 1) if (i, j) != (x, y)]
    return cells, 1 if x in (x0, x2) or y in (y0, y2) else 0


def _antialiased(picture: list, other: list, x: int, y: int) -> bool:
    cells, zeroes = _around(picture, x, y)
    lowest, highest, low, high = 0.0, 0.0, None, None
    for i, j in cells:
        delta = _brightness(picture[y][x], picture[j][i])
        if delta == 0:
            zeroes += 1
        elif delta < lowest:
            lowest, low = delta, (i, j)
        elif delta > highest:
            highest, high = delta, (i, j)
    if zeroes > 2 or low is None or high is None:
        return False
    return any(_many_siblings(picture, *cell) and _many_siblings(other, *cell) for cell in (low, high))


def _many_siblings(picture: list, x: int, y: int) -> bool:
    cells, zeroes = _around(picture, x, y)
    return zeroes + sum(picture[j][i] == picture[y][x] for i, j in cells) > 2
