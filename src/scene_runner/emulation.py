"""What a page is told about the device that it is on."""

import sys
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page

from scene_runner.browser import Engine
from scene_runner.protocol import CaptureJob
from scene_runner.rules import Rules

# Playwright gives the headless shell the font families of a headed Chrome, and the first capture beyond the viewport
# takes them back: pages with monospaced text would change their layout while their picture is taken. So the shell's
# own defaults are set from the start. They are those of Blink's WebPreferences.
_SHELL_FONTS = {
    "standard": "Times New Roman",
    "serif": "Times New Roman",
    "sansSerif": "Arial",
    "fixed": "Menlo" if sys.platform == "darwin" else "Courier New",
    "cursive": "Script",
    "fantasy": "Impact",
}


def context_options(engine: Engine, job: CaptureJob) -> dict[str, Any]:
    """What Playwright is told when it makes the context."""
    options: dict[str, Any] = {
        "viewport": {"width": job.viewport_width, "height": job.viewport_height},
        "device_scale_factor": job.device_scale_factor,
        "ignore_https_errors": job.ignore_https_errors,
        "accept_downloads": False,
        "has_touch": job.mobile if job.touch is None else job.touch,
        "color_scheme": job.color_scheme,
        "reduced_motion": job.reduced_motion,
        "forced_colors": job.forced_colors,
        "contrast": job.contrast,
        "locale": job.locale,
        "timezone_id": job.timezone_id,
        "user_agent": job.user_agent,
    }
    if job.mobile and engine.name != "firefox":  # Firefox refuses the option
        options["is_mobile"] = True
    if job.proxy:
        options["proxy"] = {"server": job.proxy}
    return options


def unheeded(engine: Engine, job: CaptureJob) -> str:
    """What the job asks for and this engine ignores, as a remark; empty when it is nothing."""
    if engine.name != "firefox":
        return ""
    asked = {
        "a mobile viewport": job.mobile,
        "touch": job.touch,
        "forced_colors": job.forced_colors != "none",
        "contrast": job.contrast != "no-preference",
        "rules for hosts and URLs in redirects of parts of a page": Rules(job).any,
    }
    ignored = [name for name, wanted in asked.items() if wanted]
    return f"Firefox ignores {', '.join(ignored)}" if ignored else ""


def open_session(engine: Engine, context: BrowserContext, page: Page, job: CaptureJob) -> CDPSession:
    """A session of our own, which knows everything about the page that a capture would otherwise take back."""
    cdp = context.new_cdp_session(page)
    set_viewport(cdp, job, job.viewport_height)
    if engine.headless_shell:
        cdp.send("Page.setFontFamilies", {"fontFamilies": _SHELL_FONTS})
    return cdp


def set_viewport(cdp: CDPSession, job: CaptureJob, height: int) -> None:
    """The job's viewport, with this height in CSS pixels."""
    # A capture ends by restoring what its own session emulates. Nothing, were it not for this: the page would lose
    # the scale factor and the mobile viewport that Playwright's session gave it, and change while it is captured.
    landscape = {"type": "landscapePrimary", "angle": 90 if job.mobile else 0}
    portrait = {"type": "portraitPrimary", "angle": 0}
    upright = job.mobile and job.viewport_width <= job.viewport_height
    cdp.send(
        "Emulation.setDeviceMetricsOverride",
        {
            "width": job.viewport_width,
            "height": height,
            "screenWidth": job.viewport_width,
            "screenHeight": height,
            "deviceScaleFactor": job.device_scale_factor,
            "mobile": job.mobile,
            "screenOrientation": portrait if upright else landscape,
        },
    )
