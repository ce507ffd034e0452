"""Pictures, films and a font, made when they are asked for: none of them is in the repository."""

import base64
import io
from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import sync_playwright

COLOURS = ("#c1440e", "#2a6f97", "#6a994e", "#7b2cbf", "#e09f3e", "#335c67", "#9e2a2b", "#540b0e")
_RECORD = """async () => {
  const canvas = document.body.appendChild(document.createElement('canvas'));
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext('2d');
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
  const chunks = [];
  recorder.ondataavailable = (event) => chunks.push(event.data);
  recorder.start();
  for (let n = 0; n < 20; n++) {
    pen.fillStyle = `hsl(${n * 18} 80% 50%)`;
    pen.fillRect(0, 0, 64, 64);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  await new Promise((resolve) => { recorder.onstop = resolve; recorder.stop(); });
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""


def film(executable: str | None) -> bytes:
    """A WebM of 0.8 seconds that changes its colour all the time, recorded by the browser itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, chromium_sandbox=False)
        page = browser.new_page()
        recorded = base64.b64decode(page.evaluate(_RECORD))
        browser.close()
    return recorded


def photo(number: int) -> bytes:
    """A picture that no other number has."""
    picture = Image.new("RGB", (160, 90), COLOURS[number % len(COLOURS)])
    pen = ImageDraw.Draw(picture)
    for line in range(0, 160, 8 + number % 5):
        pen.line((line, 0, 160 - line, 90), fill=COLOURS[(number + line) % len(COLOURS)], width=2)
    return _saved([picture], "PNG")


def moving(kind: str) -> bytes:
    """An endless animated picture: GIF, PNG or WEBP."""
    return _saved(list(_turning()), kind)


def font() -> bytes:
    drawn = ImageFont.load_default(20)
    assert isinstance(drawn, ImageFont.FreeTypeFont)
    return bytes(drawn.font_bytes)


def _turning() -> Iterator[Image.Image]:
    for colour in COLOURS:
        frame = Image.new("RGB", (64, 64), colour)
        ImageDraw.Draw(frame).ellipse((16, 16, 48, 48), fill="white")
        yield frame


def _saved(frames: list[Image.Image], kind: str) -> bytes:
    file = io.BytesIO()
    several = {"save_all": True, "append_images": frames[1:], "duration": 30, "loop": 0} if len(frames) > 1 else {}
    frames[0].save(file, kind, **several)
    return file.getvalue()
