"""What the server and a runner say to each other: JSON lines over stdin and stdout.

The server writes one job document a line. The runner answers with event lines and ends each job with exactly one
``result`` event. Files are written into the job's output folder, complete before they are named in the result.
Closing the runner's stdin ends it, and everything it started.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

PROTOCOL_VERSION = 1

_ACTIONS = ("preparatory_actions", "task_actions")

Json = dict[str, Any]
Keep = Literal["never", "on_failure", "on_change", "always"]
"""When a recording is kept: ``on_change`` unless every picture is the expected one, and on failure."""

COVER = "[redacted]"
"""Stands where a secret stood."""


@dataclass(frozen=True)
class BrowserChoice:
    """Which browser a runner launches; one runner keeps one."""

    name: str
    """chromium, firefox or webkit."""
    executable: str | None = None
    """Path of the binary; none means Playwright's own."""
    channel: str | None = None
    sandbox: bool = True
    """Chromium's own sandbox; refused by Chromium when it runs as root."""
    dark: bool = False
    """With less_motion what a Firefox starts with; a job that wants something else starts it again."""
    less_motion: bool = False


@dataclass(frozen=True)
class TargetJob:
    key: str
    """Of an element without its number: ``element:<name or selector>``."""
    kind: Literal["full", "viewport", "element"]
    selector: str | None = None
    match: Literal["first", "every"] = "first"
    expected_count: int | None = None
    """How many visible elements have to match."""
    padding_px: int = 0
    """CSS pixels around an element, as far as the page reaches."""
    known: dict[str, str] = field(default_factory=dict)
    """Digests of the pictures that are expected, by key: a first frame with its digest is stable by definition."""


@dataclass(frozen=True)
class MaskJob:
    """An area to ignore: what a selector matches, or a rectangle in CSS pixels of the target."""

    selector: str | None = None
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Action:
    """One thing done to the page before it is captured."""

    type: str
    """click, fill, wait_for_selector, ..."""
    timeout_ms: int
    if_selector: str | None = None
    """Skip the action when nothing matches this."""
    arguments: Json = field(default_factory=dict)
    """What this type of action needs besides, by name; every one of them is there."""


@dataclass(frozen=True)
class Dismissal:
    """Something that is in the way wherever it appears."""

    selector: str
    action: Literal["click", "remove"]


@dataclass(frozen=True)
class Basic:
    """Credentials, for the origin of the URL that is opened and no other."""

    username: str
    password: str


@dataclass(frozen=True)
class Auth:
    """As whom a page is opened."""

    basic: Basic | None = None
    cookies: list[Json] = field(default_factory=list)
    """As Playwright takes them; one without a domain is for the host of the URL that is opened."""
    storage_state: Json | None = None
    """As Playwright gives it."""


@dataclass(frozen=True)
class CaptureJob:
    """Everything one attempt needs. Durations are in milliseconds, sizes in CSS pixels."""

    id: str
    """``<execution>:<attempt>``."""
    output_dir: str
    """An existing empty folder for this job's files."""
    url: str
    targets: list[TargetJob]
    viewport_width: int
    viewport_height: int
    device_scale_factor: float = 1
    mobile: bool = False
    reference_url: str | None = None
    """Captured in a second context, in the same way, once ``url`` has been."""
    auth: Auth = field(default_factory=Auth, repr=False)
    """For ``url`` and ``reference_url`` alike."""
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    """Sent to the origins of ``url`` and ``reference_url`` only."""
    secrets: list[str] = field(default_factory=list, repr=False)
    """Texts that no message, log or file of the job may show."""
    save_storage_state: bool = False
    """Hand back what the browser has stored at the end."""
    expected_status: list[int] = field(default_factory=list)
    """Empty means 200 to 299."""
    ignore_https_errors: bool = False
    preparatory_actions: list[Action] = field(default_factory=list)
    preparatory_js: str | None = None
    task_actions: list[Action] = field(default_factory=list)
    task_js: str | None = None
    allow_blank: bool = False
    masks: list[MaskJob] = field(default_factory=list)
    hide: list[str] = field(default_factory=list)
    """Selectors of what is made invisible."""
    remove: list[str] = field(default_factory=list)
    """Selectors of what is taken out of the layout."""
    omit_background: bool = False
    wait_until: Literal["load", "domcontentloaded"] = "load"
    navigation_timeout_ms: int = 30_000
    script_timeout_ms: int = 10_000
    execution_timeout_ms: int = 120_000
    settle_timeout_ms: int = 10_000
    network_quiet_ms: int = 100
    load_lazy: bool = True
    freeze_animations: bool = True
    wait_before_capture_ms: int = 0
    stable_frames: int = 2
    stability_timeout_ms: int = 5_000
    wait_after_capture_ms: int = 0
    max_height_px: int = 100_000
    locale: str | None = None
    timezone_id: str | None = None
    color_scheme: Literal["light", "dark"] = "light"
    reduced_motion: Literal["no-preference", "reduce"] = "no-preference"
    forced_colors: Literal["none", "active"] = "none"
    contrast: Literal["no-preference", "more"] = "no-preference"
    touch: bool | None = None
    """None is what ``mobile`` says."""
    user_agent: str | None = None
    fixed_time: str | None = None
    """RFC 3339: what the page's clock shows, while timers go on."""
    random_seed: int | None = None
    """Makes the page's random numbers the same each time."""
    dismissals: list[Dismissal] = field(default_factory=list)
    """Carried out once the page has loaded, and again before and after each picture, for what comes late."""
    blocked_urls: list[str] = field(default_factory=list)
    """Whole URLs in which ``*`` stands for any characters and ``?`` for one. Blocking is no failure."""
    blocked_hosts: list[str] = field(default_factory=list)
    """Hosts, with ``*.`` before them all below too, with a port that port alone."""
    denied_hosts: list[str] = field(default_factory=list)
    allowed_hosts: list[str] = field(default_factory=list)
    """Requests to others are blocked; empty allows all."""
    trace: Keep = "never"
    """Playwright's trace with snapshots of the document, without pictures."""
    har: Keep = "never"
    """Every request with its headers, without bodies."""
    video: bool = False
    console: bool = True
    """Whether the logs are written at all; the server knows what has changed and drops them."""
    network: bool = True
    group: str = ""
    """Jobs of one group may share a container."""
    proxy: str | None = None
    """Where everything that the pages request goes, such as ``http://127.0.0.1:3128``; none is the network itself."""


@dataclass(frozen=True)
class Area:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Capture:
    """One target's picture: a PNG file in the output folder. Sizes in device pixels."""

    target: str
    file: str
    sha256: str
    width: int
    height: int
    frames: int
    """How many frames were taken."""
    unstable: bool = False
    unstable_area: Area | None = None
    """What moved between the last two frames, outside masks."""
    masks: list[list[Area]] = field(default_factory=list)
    """Where each of the job's masks was in the picture."""


@dataclass(frozen=True)
class Step:
    """One step of a job.

    In order: launch, context, goto, preparatory_actions[0] click (and so on), preparatory_js, task_actions[0] fill (and
    so on), task_js, settle, capture <target>; then, from context on, the same for the reference page, each with
    "reference" before its name.
    """

    name: str
    status: Literal["ok", "failed"]
    started_ms: float
    """Since the job started."""
    duration_ms: float
    detail: str = ""


@dataclass(frozen=True)
class ExtraFile:
    """A file beside the pictures."""

    type: str
    """Artifact type: console, step_log, result, ..."""
    file: str
    media_type: str


@dataclass(frozen=True)
class Renderer:
    """What made the pixels: equal renderers give equal pictures of equal pages."""

    browser: str
    engine: str
    """Variant of the engine, such as chromium-headless-shell or chromium."""
    version: str
    platform: str
    """Operating system and architecture."""
    fonts_sha256: str
    """Digest of the list of installed fonts."""
    device_scale_factor: float
    flags: list[str] = field(default_factory=list)
    host: str | None = None
    """Name and version of the operating system; none where an image brings its own."""
    image: str | None = None
    """Digest of the container image; none where the host itself renders."""


@dataclass(frozen=True)
class Intervention:
    """What was done to a page by the rules of its project, how often."""

    kind: Literal["clicked", "removed", "blocked"]
    what: str
    """A selector, or a URL without its query."""
    rule: str
    """dismissals, or the rule that blocks, such as ``denied_hosts *.example.org``."""
    count: int
    of_reference: bool = False


@dataclass(frozen=True)
class CaptureResult:
    """How a job ended. ``reason`` is one of SPEC.md's reasons, none when it finished."""

    id: str
    status: Literal["finished", "failed"]
    reason: str | None = None
    message: str = ""
    """One sentence for a person: what failed, where, and what to do."""
    failed_step: str | None = None
    captures: list[Capture] = field(default_factory=list)
    reference_captures: list[Capture] = field(default_factory=list)
    """Of ``reference_url``."""
    steps: list[Step] = field(default_factory=list)
    files: list[ExtraFile] = field(default_factory=list)
    renderer: Renderer | None = None
    final_url: str = ""
    http_status: int | None = None
    unloaded: list[str] = field(default_factory=list)
    """URLs of images and fonts that had not loaded when the picture was taken."""
    interventions: list[Intervention] = field(default_factory=list)
    duration_ms: float = 0
    storage_state_file: str | None = None
    """Where it was asked for: a file for its owner only, which is no artifact and is to be deleted once it is read."""


def dump(document: Any) -> str:
    """A document as one JSON line, without the newline."""
    return json.dumps(asdict(document), separators=(",", ":"), ensure_ascii=True)


def dump_end(job_id: str) -> str:
    """A line that asks a job to end before its next step, without the newline."""
    return json.dumps({"end": job_id})


def event(name: str, **data: Any) -> str:
    """An event line, without the newline."""
    return json.dumps({"event": name, **data}, separators=(",", ":"), ensure_ascii=True)


def load_job(document: Json) -> CaptureJob:
    """The job in a decoded line. Raises TypeError or KeyError when it is not one."""
    lists = {
        **{name: [Action(**each) for each in document.get(name, [])] for name in _ACTIONS},
        "targets": [TargetJob(**target) for target in document["targets"]],
        "masks": [MaskJob(**mask) for mask in document.get("masks", [])],
        "dismissals": [Dismissal(**each) for each in document.get("dismissals", [])],
    }
    return CaptureJob(**{**document, **lists, "auth": _auth(document.get("auth", {}))})


def _auth(document: Json) -> Auth:
    basic = document.get("basic")
    return Auth(**{**document, "basic": Basic(**basic) if basic else None})


def load_result(document: Json) -> CaptureResult:
    """The result in a decoded line. Raises TypeError or KeyError when it is not one.

    Files are named without a folder: a runner that has fallen into a page's hands reaches no other.
    """
    renderer = document.get("renderer")
    result = CaptureResult(
        **{
            **document,
            **{name: [_capture(each) for each in document[name]] for name in ("captures", "reference_captures")},
            "steps": [Step(**step) for step in document["steps"]],
            "files": [ExtraFile(**file) for file in document["files"]],
            "interventions": [Intervention(**each) for each in document["interventions"]],
            "renderer": Renderer(**renderer) if renderer else None,
        }
    )
    pictures = [capture.file for capture in (*result.captures, *result.reference_captures)]
    others = [file.file for file in result.files]
    if not all(map(is_plain, [*pictures, *others, result.storage_state_file or "-"])):
        raise TypeError("a file's name is not a plain one")
    return result


def is_plain(name: str) -> bool:
    """Whether a file's name stays in the folder that it is put into."""
    return re.fullmatch(r"[\w-][\w.-]{0,200}", name, re.ASCII) is not None


def _capture(document: Json) -> Capture:
    area = document.get("unstable_area")
    masks = [[Area(**each) for each in areas] for areas in document["masks"]]
    return Capture(**{**document, "unstable_area": Area(**area) if area else None, "masks": masks})
