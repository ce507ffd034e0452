"""The runner's one browser: launched at the start, launched again when it is gone."""

import hashlib
import platform
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import Browser, BrowserType, Playwright
from playwright.sync_api import Error as PlaywrightError

from scene_runner.failure import BROWSER_LOST, Failed, plain
from scene_runner.protocol import BrowserChoice, CaptureJob, Renderer
from scene_runner.scratch import scratch

Preferences = dict[str, str | float | bool]

# Animated images show their first frame, which no script in the page can do without touching the document.
_STILL_IMAGES = "--blink-settings=imageAnimationPolicy=2"
_LAUNCH_TIMEOUT_MS = 30_000
# Firefox's own scrollbars take 12 px of the viewport otherwise.
_FIREFOX_PREFERENCES: Preferences = {"ui.useOverlayScrollbars": 1, "image.animation_mode": "none"}
# Pages of this machine go through a job's proxy too. It changes no pixel.
_FIREFOX_PROXY: Preferences = {"network.proxy.allow_hijacking_localhost": True}


class Engine:
    """Owns the browser process. Only the main thread may call it."""

    def __init__(self, playwright: Playwright, choice: BrowserChoice, on_lost: Callable[[str], None]) -> None:
        """``on_lost`` is told when the browser ends, for whatever reason."""
        self._playwright = playwright
        self._on_lost = on_lost
        self._choice = choice
        self._browser: Browser | None = None
        self._preferences: Preferences = {}
        self._fonts_sha256 = _FontList()
        self._product = ""

    @property
    def name(self) -> str:
        return self._choice.name

    @property
    def chromium(self) -> bool:
        return self._choice.name == "chromium"

    @property
    def headless_shell(self) -> bool:
        """Headless shell and full Chromium draw differently; only the shell calls itself headless here."""
        return self._product.startswith("Headless")

    @property
    def ready(self) -> bool:
        return self._browser is not None and self._browser.is_connected()

    def ready_for(self, job: CaptureJob) -> bool:
        """Whether the job can be carried out without launching the browser first."""
        return self.ready and self._preferences == self._wanted_preferences(job)

    def launch(self, job: CaptureJob | None = None) -> None:
        """Start the browser, as the job needs it. Raises Failed("browser_unavailable")."""
        choice = self._choice
        self._end_present_browser()
        kind: BrowserType | None = getattr(self._playwright, choice.name, None)
        if choice.name not in ("chromium", "firefox", "webkit") or kind is None:
            raise Failed("browser_unavailable", f"There is no browser named {choice.name!r}.")
        options: dict[str, Any] = {
            "executable_path": choice.executable,
            "channel": choice.channel,
            "timeout": _LAUNCH_TIMEOUT_MS,
            "traces_dir": scratch("traces"),
        }
        if self.chromium:
            options |= {"chromium_sandbox": choice.sandbox, "args": self.flags}
        elif choice.name == "firefox":
            self._preferences = self._wanted_preferences(job)
            options["firefox_user_prefs"] = _FIREFOX_PREFERENCES | _FIREFOX_PROXY | self._preferences
        try:
            self._browser = kind.launch(**options)
            self._browser.on("disconnected", self._on_disconnected)
            self._product = self._ask_product(self._browser)
        except PlaywrightError as error:
            where = choice.executable or "Playwright's own build"
            raise Failed("browser_unavailable", f"{choice.name} ({where}) did not start: {plain(error)}") from error

    def _wanted_preferences(self, job: CaptureJob | None) -> Preferences:
        """What a Firefox is launched with, as it ignores what its contexts say of colour scheme and motion."""
        if self.name != "firefox":
            return {}
        dark = job.color_scheme == "dark" if job else self._choice.dark
        less_motion = job.reduced_motion == "reduce" if job else self._choice.less_motion
        return {
            "layout.css.prefers-color-scheme.content-override": 0 if dark else 1,
            "ui.prefersReducedMotion": 1 if less_motion else 0,
        }

    def _end_present_browser(self) -> None:
        present, self._browser = self._browser, None
        if present is not None:
            with suppress(PlaywrightError):
                present.close()

    def _on_disconnected(self, browser: Browser) -> None:
        if browser is self._browser:
            self._on_lost(BROWSER_LOST)

    def browser(self) -> Browser:
        assert self._browser is not None
        return self._browser

    @property
    def flags(self) -> list[str]:
        """What we add to Playwright's own flags, or preferences."""
        if self.name == "firefox":
            return [f"{name}={value}" for name, value in sorted(_FIREFOX_PREFERENCES.items())]
        return [_STILL_IMAGES] if self.chromium else []

    def renderer(self, device_scale_factor: float) -> Renderer:
        return Renderer(
            browser=self._choice.name,
            engine=self._engine_variant(),
            version=self.browser().version,
            platform=f"{platform.system().lower()}-{platform.machine().lower()}",
            host=_host(),
            fonts_sha256=self._fonts_sha256.digest(),
            device_scale_factor=device_scale_factor,
            flags=self.flags,
        )

    def _ask_product(self, browser: Browser) -> str:
        if not self.chromium:
            return ""
        session = browser.new_browser_cdp_session()
        product = str(session.send("Browser.getVersion")["product"])
        session.detach()
        return product

    def _engine_variant(self) -> str:
        if not self.chromium:
            return self._choice.channel or self._choice.name
        return "chromium-headless-shell" if self.headless_shell else "chromium"


def _host() -> str | None:
    """What the machine calls its operating system: its libraries draw the text."""
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME")
    except OSError:
        return platform.platform(terse=True)


class _FontList:
    """Digest of the installed fonts, listed while the browser starts."""

    def __init__(self) -> None:
        self._digest: str | None = None
        command = shutil.which("fc-list")
        self._listing = (
            subprocess.Popen([command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if command
            else None
        )

    def digest(self) -> str:
        if self._digest is None:
            listing = self._listing.communicate(timeout=30)[0] if self._listing else b""
            self._digest = hashlib.sha256(b"\n".join(sorted(listing.splitlines()))).hexdigest()
        return self._digest
