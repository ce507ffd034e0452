"""Browsers and viewports: the two axes of a task's matrix."""

import re
from enum import StrEnum
from typing import Final

from pydantic import Field

from scene.domain.model import Model, Name


class Browser(StrEnum):
    CHROMIUM = "chromium"
    FIREFOX = "firefox"
    WEBKIT = "webkit"


_KEY: Final = re.compile(r"(\d+)x(\d+)@([^m]+)(m?)")


class Viewport(Model):
    name: Name | None = None
    """A label only: it does not identify pictures."""
    width: int = Field(ge=16, le=7680)
    """CSS pixels."""
    height: int = Field(ge=16, le=7680)
    """CSS pixels."""
    device_scale_factor: float = Field(default=1, ge=0.5, le=4, allow_inf_nan=False)
    mobile: bool = False

    @property
    def key(self) -> str:
        """What identifies this viewport across runs: ``WxH@scale[m]``."""
        return f"{self.width}x{self.height}@{self.device_scale_factor:g}{'m' if self.mobile else ''}"

    @classmethod
    def of_key(cls, key: str) -> "Viewport":
        """The viewport that a key names, without a label. Raises ValueError when it is no key."""
        found = _KEY.fullmatch(key)
        if found is None:
            raise ValueError(f"{key!r} is no key of a viewport")
        width, height, scale, mobile = found.groups()
        return cls(width=int(width), height=int(height), device_scale_factor=float(scale), mobile=bool(mobile))
