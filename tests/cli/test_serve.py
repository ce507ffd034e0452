"""``scene serve`` and what its start-up made."""

import os
import signal
from pathlib import Path

import pytest

from tests.support.server import Server

ONLOOKER = """
import gc, os, pathlib, signal

def tell(*_):
    pathlib.Path(os.environ["TELL"]).write_text(f"{gc.get_freeze_count()} {len(gc.get_objects())}")

signal.signal(signal.SIGUSR1, tell)
"""
"""Python runs it when it starts: asked by a signal, it tells what the garbage collector leaves alone, and what not."""


def test_the_garbage_collector_leaves_alone_what_start_up_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(ONLOOKER)
    os.mkfifo(tmp_path / "told")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("TELL", str(tmp_path / "told"))
    server = Server(tmp_path / "data")
    assert server.client.get("/health").is_success
    server.process.send_signal(signal.SIGUSR1)
    left_alone, looked_through = map(int, (tmp_path / "told").read_text().split())
    assert server.stop() == 143
    assert left_alone > 5 * looked_through
