"""Ten real documentation pages, out of Debian packages fetched when a benchmark runs, and a server for them."""

import multiprocessing
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

PACKAGES = (
    "debian-policy",
    "git-doc",
    "postgresql-doc-15",
    "python-django-doc",
    "python-flask-doc",
    "python3.11-doc",
    "sphinx-doc",
    "sqlite3-doc",
    # What the Sphinx pages among them link to.
    "libjs-jquery",
    "libjs-sphinxdoc",
    "libjs-underscore",
)

PAGES = {
    "python-json": "python3.11/html/library/json.html",
    "python-pathlib": "python3.11/html/library/pathlib.html",
    "python-controlflow": "python3.11/html/tutorial/controlflow.html",
    "postgresql-select": "postgresql-doc-15/html/sql-select.html",
    "git-rebase": "git-doc/git-rebase.html",
    "sqlite-whentouse": "sqlite3/whentouse.html",
    "sphinx-theming": "sphinx-doc/html/usage/theming.html",
    "django-tutorial": "python-django-doc/html/intro/tutorial01.html",
    "flask-quickstart": "python-flask-doc/html/quickstart.html",
    "debian-policy": "debian-policy/policy.html/ch-binary.html",
}

VIEWPORTS = ((1440, 900), (1024, 768), (390, 844))


@dataclass(frozen=True)
class Shot:
    """One full page to be captured, at scale 1."""

    page: str
    url: str
    width: int
    height: int


def shots(base_url: str) -> list[Shot]:
    """Every page at every viewport, in the order in which a run would hand them out."""
    return [
        Shot(page, f"{base_url}/{path}", width, height) for page, path in PAGES.items() for width, height in VIEWPORTS
    ]


def fetch(cache: Path) -> Path:
    """The folder that holds the pages; what is missing is downloaded and unpacked into `cache` first."""
    root = cache / "root"
    for package in PACKAGES:
        if (root / "usr/share/doc" / package).exists():
            continue
        root.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "--quiet", package], cwd=cache, check=True, capture_output=True)
        archive = next(cache.glob(f"{package}_*.deb"))
        subprocess.run(["dpkg-deb", "--extract", str(archive), str(root)], check=True)
        archive.unlink()
    documents = root / "usr/share/doc"
    if missing := [path for path in PAGES.values() if not (documents / path).is_file()]:
        raise FileNotFoundError(f"The packages no longer ship {', '.join(missing)}.")
    return documents


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder from a process of its own, so that nothing measured shares an interpreter with it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(folder, theirs), name="documents", daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base class
        pass


def _serve(folder: Path, started: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    started.send(server.server_port)
    server.serve_forever()
