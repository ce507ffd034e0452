"""``scene sweep`` on the data folder of a server that runs."""

import json
import os
import time
from pathlib import Path

import pytest

from scene.artifacts.blobs import BlobStore
from tests.cli.conftest import Call
from tests.support.server import Server


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """With one file, long forgotten."""
    store = BlobStore((tmp_path / "data" / "artifacts").as_uri())
    sha256 = store.put_bytes(b"stray").sha256
    then = time.time() - 3 * 86_400
    os.utime(tmp_path / "data" / "artifacts" / sha256[:2] / sha256, (then, then))
    return tmp_path / "data"


def test_a_sweep_beside_a_running_server(call: Call, data_dir: Path) -> None:
    server = Server(data_dir)
    try:
        dry = call("sweep", "--dry-run", "--json", "--data-dir", str(data_dir))
        assert (dry.returncode, json.loads(dry.stdout)["set_aside"]) == (0, 1), dry.stderr
        swept = call("sweep", "--data-dir", str(data_dir))
        assert "1 files (5 bytes) set aside: nothing refers to them." in swept.stdout
        again = json.loads(call("sweep", "--json", "--data-dir", str(data_dir)).stdout)
        assert (again["dry_run"], again["set_aside"], again["removed"]) == (False, 0, 0)
        assert server.client.get("/health").status_code in (200, 503)
    finally:
        server.stop()


def test_a_folder_without_a_scene(call: Call, tmp_path: Path) -> None:
    done = call("sweep", "--data-dir", str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (3, "")
    assert "there is no Scene in" in done.stderr
    assert not (tmp_path / "none").exists()
