"""Small pictures that are not blank."""

import io

from PIL import Image, ImageDraw


def drawn(colour: str, size: tuple[int, int] = (640, 480)) -> bytes:
    """A PNG file of one colour but for a white square."""
    picture = Image.new("RGB", size, colour)
    ImageDraw.Draw(picture).rectangle((20, 20, 120, 120), fill="white")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
