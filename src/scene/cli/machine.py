"""What ``scene doctor`` looks at: one function for each part of the machine, and nothing is changed by looking."""

import os
import platform
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from scene.errors import SceneError, SetupError
from scene.imaging import compiled
from scene.launch.discovery import Discovery
from scene.launch.docker.engine import Engine, EngineError
from scene.launch.selection import stale
from scene.parts import vault_of
from scene.settings import ServerSettings
from scene.store.sql import SqlStore
from scene.store.sql.database import place_of
from scene.web.render import asset

# A run of a few hundred tall pictures fits; below this a disk that fills up is what the next run would report.
NEEDED_BYTES = 500_000_000
ENGINE_SECONDS = 5


class State(StrEnum):
    OK = "ok"
    MISSING = "missing"
    """Scene cannot do its work without it."""
    OPTIONAL = "optional"
    """Absent or limited, and Scene works without it."""


@dataclass(frozen=True)
class Check:
    name: str
    state: State
    detail: str
    """What was found, or what is missing and how to get it."""


def python(_: ServerSettings) -> list[Check]:
    detail = f"{platform.python_version()} at {sys.executable} on {platform.system()} {platform.machine()}"
    return [Check("python", State.OK, detail)]


def packages(_: ServerSettings) -> list[Check]:
    """The packages that Scene asks for on every machine; those for some machines only are not judged."""
    versions: list[str] = []
    absent: list[str] = []
    for requirement in requires("scene") or []:
        if ";" in requirement:
            continue
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            absent.append(name)
    if absent:
        return [Check("packages", State.MISSING, f"not installed: {', '.join(absent)}; run `make setup`")]
    return [Check("packages", State.OK, ", ".join(versions))]


def front_end(_: ServerSettings) -> list[Check]:
    try:
        asset("scene.js")
    except SetupError as error:
        return [Check("front end", State.MISSING, error.message)]
    return [Check("front end", State.OK, "built")]


def comparison(_: ServerSettings) -> list[Check]:
    """Which kernel compares pictures: the answers are the same, and numpy needs several times as long."""
    return [Check("comparison", State.OK if compiled.LOOPS else State.OPTIONAL, compiled.STATE)]


def data_folder(settings: ServerSettings) -> list[Check]:
    folder = settings.data_dir
    there = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            free_bytes = shutil.disk_usage(there).free
    except OSError as error:
        reason = f"{folder} cannot be written to: {error.strerror}; choose another with SCENE_DATA_DIR"
        return [Check("data folder", State.MISSING, reason)]
    found = f"{folder}{'' if folder.exists() else ' (made by the first start)'}, {free_bytes / 1e9:.1f} GB free"
    if free_bytes < NEEDED_BYTES:
        return [Check("data folder", State.MISSING, f"{found}: at least {NEEDED_BYTES / 1e9:.1f} GB are needed")]
    return [Check("data folder", State.OK, found)]


def database(settings: ServerSettings) -> list[Check]:
    if not settings.database_url:
        return [Check("database", State.OK, "SQLite in the data folder (SCENE_DATABASE_URL names another)")]
    try:
        url = make_url(settings.database_url)
        place = place_of(url)
        limits = {"connect_timeout": ENGINE_SECONDS} if url.get_backend_name() == "postgresql" else {}
        create_engine(url, connect_args=limits, poolclass=NullPool).connect().close()
    except ArgumentError:
        return [Check("database", State.MISSING, "SCENE_DATABASE_URL is no database URL")]
    except (SQLAlchemyError, ImportError) as error:
        reason = str(error).splitlines()[0]
        return [Check("database", State.MISSING, f"{place}: {reason}")]
    return [Check("database", State.OK, f"{place} answers")]


def secrets(settings: ServerSettings) -> list[Check]:
    """Whether this server can decrypt what the database has of secrets."""
    try:
        vault = vault_of(settings)
        if settings.database_url is None and not (settings.data_dir / "scene.db").is_file():
            return [Check("secrets", State.OK, "none yet; a key is made when it is needed")]
        store = SqlStore(settings.effective_database_url)
        try:
            found = [
                vault.unreadable(store.auth_profiles.keys(), "auth profiles"),
                vault.unreadable(store.webhooks.keys(), "secrets of webhooks"),
            ]
        finally:
            store.close()
    except SetupError as error:
        return [Check("secrets", State.MISSING, error.message)]
    except SceneError as error:
        return [Check("secrets", State.OPTIONAL, f"not known: {error.message}")]
    return [Check("secrets", State.MISSING if lost else State.OK, said) for lost, said in found]


def artifacts(settings: ServerSettings) -> list[Check]:
    if not settings.artifacts_url:
        return [Check("artifacts", State.OK, "in the data folder (SCENE_ARTIFACTS_URL names another place)")]
    # What stands before an @ may be a secret, and so may the query.
    place = re.sub(r"//[^/@]*@", "//***@", settings.artifacts_url.split("?", 1)[0])
    return [Check("artifacts", State.OK, f"{place} (named by a setting; not contacted, since that would write to it)")]


def discovery(settings: ServerSettings) -> Discovery:
    """Which finds what the launcher would."""
    return Discovery(settings.browser_paths, sandbox=os.geteuid() != 0)


def browsers(settings: ServerSettings) -> list[Check]:
    """Chromium is needed, unless containers bring theirs; the others are wanted only by tasks that name them."""
    checks: list[Check] = []
    for browser in discovery(settings).states():
        needed = browser.name == "chromium" and settings.launcher != "docker"
        absent = State.MISSING if needed else State.OPTIONAL
        checks.append(Check(browser.name, State.OK if browser.available else absent, browser.detail))
    return checks


def sandbox(_: ServerSettings) -> list[Check]:
    """Chromium's own sandbox, around every page that is captured."""
    if os.geteuid() == 0:
        detail = "off: Chromium refuses it to root. Run Scene as an ordinary user"
        return [Check("sandbox", State.OPTIONAL, detail)]
    restricted = {
        "/proc/sys/kernel/unprivileged_userns_clone": "0",
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1",
    }
    for name, forbids in restricted.items():
        path = Path(name)
        if path.is_file() and path.read_text().strip() == forbids:
            detail = f"may fail: this kernel keeps user namespaces from ordinary programs ({path.name} is {forbids})"
            return [Check("sandbox", State.OPTIONAL, detail)]
    return [Check("sandbox", State.OK, "on")]


def ffmpeg(_: ServerSettings) -> list[Check]:
    path = shutil.which("ffmpeg")
    if path:
        return [Check("ffmpeg", State.OK, path)]
    return [Check("ffmpeg", State.OPTIONAL, "absent, and only videos need it: apt-get install ffmpeg")]


def docker(settings: ServerSettings) -> list[Check]:
    """A container engine with the runner's image: needed where the launcher is set to docker."""
    absent = State.MISSING if settings.launcher == "docker" else State.OPTIONAL
    instead = "" if settings.launcher == "docker" else "; executions run as processes of this machine"
    try:
        engine = Engine(answer_seconds=ENGINE_SECONDS)
        version = engine.version()
    except EngineError as error:
        return [Check("docker", absent, f"{error}".rstrip(".") + instead)]
    build = "build it with `scene runner build`"
    try:
        image = engine.image(settings.runner_image)
    except EngineError as error:
        checks = [Check("runner image", absent, f"{error} {build.capitalize()}{instead}")]
    else:
        found = f"{settings.runner_image} ({image.id[7:19]}) with {', '.join(image.browsers)}"
        old = stale(image)
        detail = f"{found}, of another version of Scene: {build}{instead}" if old else found
        checks = [Check("runner image", absent if old else State.OK, detail)]
    finally:
        engine.close()
    return [Check("docker", State.OK, f"engine {version}"), *checks]
