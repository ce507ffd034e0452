"""What the runner's image is built from: the files beside this package, put together in an archive."""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import scene_runner

_HERE = Path(__file__).resolve().parent
_PACKAGED = _HERE / "files"
"""In an installed package; in a checkout they are in the folders of their own."""
_CHECKOUT = _HERE.parents[3]
CERTIFICATES = (Path("/usr/local/share/ca-certificates"), Path("/etc/pki/ca-trust/source/anchors"))
"""Where this machine keeps the authorities that somebody added to it."""


def _file(packaged: str, checked_out: str) -> Path:
    inside = _PACKAGED / packaged
    return inside if inside.exists() else _CHECKOUT / checked_out


def seccomp_profile() -> str:
    return _file("seccomp.json", "docker/seccomp.json").read_text()


def digest() -> str:
    """Of what decides how a runner behaves: the same for every machine that builds this version of Scene."""
    sum_of = hashlib.sha256()
    for name, content in _files():
        sum_of.update(f"{name}\0{len(content)}\0".encode() + content)
    return sum_of.hexdigest()


def archive(certificates: Path | None) -> bytes:
    """The build context as a tar archive; ``certificates`` is a folder of further authorities (``*.crt``)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        folder = tarfile.TarInfo("certificates")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o755
        tar.addfile(folder)
        for name, content in [*_files(), *_certificates(certificates)]:
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), 0o644
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def _files() -> Iterator[tuple[str, bytes]]:
    yield "Dockerfile", _file("runner.Dockerfile", "docker/runner.Dockerfile").read_bytes()
    yield "requirements.txt", _file("runner.txt", "requirements/runner.txt").read_bytes()
    sources = Path(scene_runner.__file__).parent
    for path in sorted(sources.rglob("*")):
        if path.is_file() and path.suffix in (".py", ".js"):
            yield f"scene_runner/{path.relative_to(sources).as_posix()}", path.read_bytes()


def _certificates(named: Path | None) -> Iterator[tuple[str, bytes]]:
    for folder in [named] if named else CERTIFICATES:
        for path in sorted(folder.glob("*.crt")) + sorted(folder.glob("*.pem")):
            yield f"certificates/{path.stem}.crt", path.read_bytes()
