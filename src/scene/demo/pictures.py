"""The pictures of the sample site: harbour scenes drawn from a description, the same bytes each time."""

import io
import math
import random
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

SIZE = (720, 540)
_OVERSAMPLING = 2
_HORIZON_RATIO = 0.58


@dataclass(frozen=True)
class Scene:
    """`sun` is where the sun or moon stands, as ratios of width and of the sky's height."""

    name: str
    title: str
    sky: tuple[Colour, Colour]
    sea: tuple[Colour, Colour]
    light: Colour
    sun: tuple[float, float]
    land: Colour
    lighthouse: bool = False
    boats: int = 2


_DAWN = ((64, 78, 128), (255, 190, 152)), ((214, 140, 130), (44, 62, 104)), (255, 236, 200), (52, 56, 92)
_DAY = ((92, 168, 214), (224, 242, 246)), ((72, 160, 178), (18, 78, 110)), (255, 252, 232), (44, 98, 96)
_DUSK = ((38, 40, 84), (240, 122, 84)), ((196, 92, 84), (30, 30, 66)), (255, 214, 130), (34, 28, 58)
_NIGHT = ((8, 16, 38), (40, 66, 104)), ((34, 62, 96), (6, 14, 32)), (240, 240, 220), (10, 20, 40)
_MIST = ((186, 200, 206), (238, 238, 230)), ((176, 194, 198), (96, 124, 136)), (255, 255, 248), (122, 142, 150)


def _scene(
    name: str,
    title: str,
    mood: tuple[tuple[Colour, Colour], tuple[Colour, Colour], Colour, Colour],
    sun: tuple[float, float],
    boats: int = 2,
    lighthouse: bool = False,
) -> Scene:
    sky, sea, light, land = mood
    return Scene(name, title, sky, sea, light, sun, land, lighthouse, boats)


SCENES = (
    _scene("first-ferry", "First ferry, 6.12 am", _DAWN, (0.3, 0.78), boats=1),
    _scene("noon-sails", "Noon sails", _DAY, (0.75, 0.25), boats=4),
    _scene("lighthouse", "The lighthouse", _DUSK, (0.62, 0.8), boats=1, lighthouse=True),
    _scene("winter-mist", "Winter mist", _MIST, (0.5, 0.4), boats=2),
    _scene("night-watch", "Night watch", _NIGHT, (0.78, 0.28), boats=1, lighthouse=True),
    _scene("regatta", "Regatta day", _DAY, (0.2, 0.3), boats=6),
    _scene("last-light", "Last light", _DUSK, (0.35, 0.9), boats=3),
    _scene("pier-morning", "Morning at the pier", _DAWN, (0.66, 0.6), boats=2, lighthouse=True),
    _scene("grey-sunday", "Grey Sunday", _MIST, (0.28, 0.5), boats=1, lighthouse=True),
    _scene("fishing-fleet", "The fishing fleet", _DAWN, (0.5, 0.7), boats=5),
    _scene("full-moon", "Full moon", _NIGHT, (0.4, 0.35), boats=3),
    _scene("summer", "The longest day", _DAY, (0.5, 0.2), boats=3, lighthouse=True),
    _scene("copper-sea", "Copper sea", _DUSK, (0.5, 0.7), boats=2),
    _scene("quiet-bay", "Quiet bay", _MIST, (0.7, 0.35), boats=3),
    _scene("harbour-lights", "Harbour lights", _NIGHT, (0.2, 0.25), boats=2, lighthouse=True),
)

_BY_NAME = {scene.name: scene for scene in SCENES}


@cache
def picture(name: str) -> bytes | None:
    """The PNG file of a scene, None where there is no such scene."""
    scene = _BY_NAME.get(name)
    if scene is None:
        return None
    out = io.BytesIO()
    _draw(scene).resize(SIZE, Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _draw(scene: Scene) -> Image.Image:
    width, height = (side * _OVERSAMPLING for side in SIZE)
    horizon = round(height * _HORIZON_RATIO)
    chance = random.Random(scene.name)  # noqa: S311 - a seeded picture, not a secret
    image = Image.new("RGB", (width, height))
    image.paste(_gradient(scene.sky, width, horizon), (0, 0))
    image.paste(_gradient(scene.sea, width, height - horizon), (0, horizon))
    draw = ImageDraw.Draw(image)
    x, y = round(scene.sun[0] * width), round(scene.sun[1] * horizon)
    _draw_sun(image, scene.light, (x, y), radius=width // 17, horizon=horizon)
    _draw_hills(draw, scene, chance, width, horizon)
    _draw_ripples(draw, scene, chance, (x, horizon), (width, height))
    if scene.lighthouse:
        _draw_lighthouse(draw, scene, (round(width * 0.14), horizon), height // 3)
    for number in range(scene.boats):
        lane = (number + 0.5) / scene.boats
        at = (round(width * (0.3 + 0.62 * lane)), horizon + round((height - horizon) * chance.uniform(0.12, 0.6)))
        _draw_boat(draw, scene, at, length=round((at[1] - horizon) * 0.55) + width // 22)
    return image


def _gradient(colours: tuple[Colour, Colour], width: int, height: int) -> Image.Image:
    ramp = Image.linear_gradient("L").resize((width, height))
    return Image.composite(
        Image.new("RGB", (width, height), colours[1]), Image.new("RGB", (width, height), colours[0]), ramp
    )


def _draw_sun(image: Image.Image, light: Colour, at: tuple[int, int], radius: int, horizon: int) -> None:
    sky = image.crop((0, 0, image.width, horizon))
    for halo, opacity in ((4.2, 26), (2.9, 34), (1.9, 46), (1.0, 255)):
        mask = Image.new("L", sky.size)
        reach = radius * halo
        ImageDraw.Draw(mask).ellipse((at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach), fill=opacity)
        sky.paste(light, (0, 0), mask)
    image.paste(sky, (0, 0))


def _draw_hills(draw: ImageDraw.ImageDraw, scene: Scene, chance: random.Random, width: int, horizon: int) -> None:
    for depth, share in ((0.55, 0.2), (0.0, 0.11)):
        colour = _mix(scene.land, scene.sky[1], depth)
        phase, waves = chance.uniform(0, 6), chance.uniform(1.2, 2.4)
        ridge = [
            (
                x,
                horizon
                - round(
                    horizon
                    * share
                    * (0.62 + 0.3 * math.sin(phase + waves * x / width * 6) + 0.08 * math.sin(phase + x / 61))
                ),
            )
            for x in range(0, width + 8, 8)
        ]
        draw.polygon([(0, horizon), *ridge, (width, horizon)], fill=colour)


def _draw_ripples(
    draw: ImageDraw.ImageDraw,
    scene: Scene,
    chance: random.Random,
    under_sun: tuple[int, int],
    size: tuple[int, int],
) -> None:
    width, height = size
    for y in range(under_sun[1] + 6, height, 14):
        depth = (y - under_sun[1]) / (height - under_sun[1])
        spread = width * (0.05 + 0.16 * depth)
        for _ in range(4):
            x = under_sun[0] + chance.gauss(0, 0.5) * spread
            half = chance.uniform(0.2, 0.6) * spread
            draw.rounded_rectangle((x - half, y, x + half, y + 5), 3, fill=_mix(scene.light, scene.sea[1], 0.25))
        for _ in range(3):
            x, half = chance.uniform(0, width), chance.uniform(10, 60)
            draw.rounded_rectangle((x - half, y, x + half, y + 3), 2, fill=_mix(scene.sea[0], scene.sea[1], depth / 2))


def _draw_lighthouse(draw: ImageDraw.ImageDraw, scene: Scene, foot: tuple[int, int], tall: int) -> None:
    x, y = foot
    draw.ellipse((x - tall, y - tall // 7, x + tall * 3 // 4, y + tall // 4), fill=_mix(scene.land, (0, 0, 0), 0.15))
    top, wide, slim = y - tall, tall // 9, tall // 14
    for stripe in range(5):
        upper, lower = stripe / 5, (stripe + 1) / 5
        left, right = wide - (wide - slim) * (1 - upper), wide - (wide - slim) * (1 - lower)
        colour = (236, 232, 222) if stripe % 2 else (196, 74, 58)
        draw.polygon(
            [
                (x - left, top + tall * upper),
                (x + left, top + tall * upper),
                (x + right, top + tall * lower),
                (x - right, top + tall * lower),
            ],
            fill=_mix(colour, scene.land, 0.25),
        )
    draw.rectangle((x - slim, top - tall // 8, x + slim, top), fill=scene.light)
    draw.polygon(
        [(x - slim * 1.5, top - tall // 8), (x, top - tall // 5), (x + slim * 1.5, top - tall // 8)], fill=scene.land
    )


def _draw_boat(draw: ImageDraw.ImageDraw, scene: Scene, at: tuple[int, int], length: int) -> None:
    x, y = at
    hull = _mix(scene.land, (20, 20, 30), 0.35)
    sail = _mix((252, 246, 232), scene.sky[1], 0.3)
    draw.polygon(
        [
            (x - length // 2, y - length // 8),
            (x + length // 2, y - length // 8),
            (x + length // 3, y + 4),
            (x - length * 2 // 5, y + 4),
        ],
        fill=hull,
    )
    mast = y - length // 8 - length
    draw.line((x, y - length // 8, x, mast), fill=hull, width=4)
    draw.polygon([(x + 5, mast + 8), (x + 5, y - length // 5), (x + length * 2 // 5, y - length // 5)], fill=sail)
    draw.polygon(
        [(x - 5, mast + length // 4), (x - 5, y - length // 5), (x - length // 3, y - length // 5)],
        fill=_mix(sail, scene.land, 0.2),
    )


def _mix(first: Colour, second: Colour, share_of_second: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share_of_second) for a, b in zip(first, second, strict=True))
    return red, green, blue
