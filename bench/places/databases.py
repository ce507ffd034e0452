"""The databases that a benchmark measures."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.contract.store import clusters


@contextmanager
def database(engine: str) -> Iterator[str]:
    """URL of an empty one. PostgreSQL is that of SCENE_TEST_POSTGRES_URL, or one of our own that does not wait for its
    disk."""
    if engine == "postgresql":
        with clusters.database() as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="scene-bench-") as folder:
        yield f"sqlite:///{folder}/scene.db"
