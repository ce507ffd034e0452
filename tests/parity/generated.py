"""Pairs made of shapes, noise and slopes, drawn by Pillow at four times the size so that edges are anti-aliased."""

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Pair = tuple[Image.Image, Image.Image]

_SCALE = 4


def generated_pairs() -> Iterator[tuple[str, Pair]]:
    """Sixty-four named pairs of one size each; the same ones every time."""
    for seed in range(16):
        random = np.random.default_rng(seed)
        width, height = (int(side) for side in random.integers(20, 260, 2))
        shapes = _shapes(random, width, height)
        dx, dy = (int(step) for step in random.integers(-3, 4, 2))
        yield f"moved by parts of a pixel {seed}", (_small(shapes), _small(ImageChops.offset(shapes, dx, dy or 1)))
        yield f"one shape more {seed}", (_small(shapes), _small(_with_one_more(random, shapes)))
        yield f"noise {seed}", _noisy(random, _small(shapes))
        yield f"blurred {seed}", (_small(shapes), _small(shapes).filter(ImageFilter.GaussianBlur(0.3 + seed / 10)))


def _shapes(random: np.random.Generator, width: int, height: int) -> Image.Image:
    picture = Image.new("RGB", (width * _SCALE, height * _SCALE), "white")
    for _ in range(12):
        _draw_shape(random, picture)
    return picture


def _with_one_more(random: np.random.Generator, shapes: Image.Image) -> Image.Image:
    picture = shapes.copy()
    _draw_shape(random, picture)
    return picture


def _draw_shape(random: np.random.Generator, picture: Image.Image) -> None:
    draw = ImageDraw.Draw(picture)
    x = sorted(random.integers(0, picture.width, 2).tolist())
    y = sorted(random.integers(0, picture.height, 2).tolist())
    colour = tuple(random.integers(0, 256, 3).tolist())
    box = [x[0], y[0], x[1], y[1]]
    kind = random.integers(4)
    if kind == 0:
        draw.ellipse(box, fill=colour)
    elif kind == 1:
        draw.line(box, fill=colour, width=int(random.integers(2, 12)))
    elif kind == 2:
        draw.polygon([(x[0], y[1]), (x[1], y[0]), (x[1], y[1])], fill=colour)
    else:
        draw.rectangle(box, outline=colour, width=int(random.integers(2, 8)))


def _small(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // _SCALE, picture.height // _SCALE), Image.Resampling.BOX)


def _noisy(random: np.random.Generator, picture: Image.Image) -> Pair:
    samples = np.asarray(picture).astype(int)
    speckles = random.random(samples.shape[:2]) < 0.2
    noise = random.integers(-90, 91, samples.shape) * speckles[..., None]
    return picture, Image.fromarray(np.clip(samples + noise, 0, 255).astype(np.uint8))
