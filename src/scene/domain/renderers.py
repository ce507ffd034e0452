"""What made the pixels of a picture, and how two of these differ."""

from pydantic import Field

from scene.domain.model import Model


class Renderer(Model):
    """What made the pixels: equal renderers give equal pictures of equal pages."""

    browser: str
    engine: str
    """Variant of the engine, such as chromium-headless-shell or chromium."""
    version: str
    platform: str
    """Operating system and architecture."""
    host: str | None = None
    """Name and version of the operating system; null where an image brings its own."""
    image: str | None = None
    """Digest of the container image; null where the host itself renders."""
    fonts_sha256: str
    """Digest of the list of installed fonts."""
    device_scale_factor: float
    flags: list[str] = Field(default=[])
    """What Scene starts the browser with, beside what always belongs to it."""

    @property
    def fields(self) -> dict[str, str]:
        """What it consists of, in words, by what people call it."""
        return {
            "browser": self.browser,
            "engine": self.engine,
            "version": self.version,
            "platform": self.platform,
            "host": self.host or "none",
            "image": self.image or "none",
            "fonts": self.fonts_sha256,
            "scale": f"{self.device_scale_factor:g}",
            "flags": " ".join(self.flags) or "none",
        }


class RendererDifference(Model):
    """One part of a renderer that another one has otherwise."""

    what: str
    """browser, engine, version, platform, host, image, fonts, scale or flags."""
    baseline: str
    observed: str

    def __str__(self) -> str:
        if self.what == "fonts":
            return "other fonts"
        return f"{self.what} {self.baseline} -> {self.observed}"


def differences(baseline: Renderer, observed: Renderer) -> list[RendererDifference]:
    """From the baseline's to what was observed; empty when both are the same."""
    now = observed.fields
    return [
        RendererDifference(what=what, baseline=was, observed=now[what])
        for what, was in baseline.fields.items()
        if was != now[what]
    ]
