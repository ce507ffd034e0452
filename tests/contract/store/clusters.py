"""PostgreSQL for tests: the one of SCENE_TEST_POSTGRES_URL, or a temporary one of our own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from scene.domain.model import new_id

_DEBIAN = Path("/usr/lib/postgresql")


@contextmanager
def database() -> Iterator[str]:
    """URL of a fresh, empty database. Skips at home where there is no PostgreSQL, fails in CI."""
    given = os.environ.get("SCENE_TEST_POSTGRES_URL")
    if given:
        with database_on(given) as url:
            yield url
        return
    with cluster() as own:
        yield own.url


@contextmanager
def cluster(folder: Path | None = None, address: str | None = None) -> Iterator["Cluster"]:
    """A server of our own, that a test may stop and start. Skips at home where there is none, fails in CI.

    folder: where it stores; by default a temporary one. address: where it listens beside its socket, for anybody.
    """
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs PostgreSQL: install it, or set SCENE_TEST_POSTGRES_URL")
        pytest.skip("no PostgreSQL here; set SCENE_TEST_POSTGRES_URL, or install it")
    own_folder = Path(tempfile.mkdtemp(prefix="scene-pg-"))
    try:
        own = Cluster(binaries, folder or own_folder, address)
        own.start()
        try:
            yield own
        finally:
            own.stop()
    finally:
        shutil.rmtree(own_folder)


@contextmanager
def database_on(server: str, encoding: str = "UTF8") -> Iterator[str]:
    """URL of a fresh database on a server."""
    name = f"scene_test_{new_id()}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def _binaries() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    installed = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    return installed[-1].parent if installed else None


class Cluster:
    """Without durability, on a unix socket: nothing to collide with."""

    def __init__(self, binaries: Path, folder: Path, address: str | None = None) -> None:
        self.url = f"postgresql+psycopg://scene@/postgres?host={folder}"
        self._address = address
        self._binaries = binaries
        self._folder = folder
        self._as_postgres: list[str] = []
        if os.geteuid() == 0:  # The server refuses to run as root.
            shutil.chown(folder, "postgres")
            self._as_postgres = ["runuser", "-u", "postgres", "--"]
        self._call("initdb", "-A", "trust", "-U", "scene", "--no-sync", "-E", "UTF8", "--wal-segsize=4")
        if address is not None:
            self.url = f"postgresql+psycopg://scene@{address}/postgres"
            with (folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet trust\n")

    def start(self) -> None:
        """Unless it runs."""
        if self._runs():
            return
        options = f"-c listen_addresses='{self._address or ''}' -c unix_socket_directories={self._folder} -c fsync=off"
        log = str(self._folder / "log")
        self._call("pg_ctl", "-w", "-l", log, "-o", f"{options} -c max_connections=50", "start")

    def stop(self) -> None:
        """At once: whoever is connected is cut off."""
        if self._runs():
            self._call("pg_ctl", "-m", "immediate", "stop")

    @property
    def pid(self) -> int:
        """Of the process that all others of it descend from."""
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def _runs(self) -> bool:
        return subprocess.run(self._command("pg_ctl", "status"), check=False, capture_output=True).returncode == 0

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(self._command(program, *arguments), check=True, cwd=self._folder, stdout=subprocess.DEVNULL)

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [*self._as_postgres, str(self._binaries / program), "-D", str(self._folder / "data"), *arguments]
