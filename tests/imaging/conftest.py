"""Tests of what is compiled run twice: with it, and with the numpy code that gives the same answers without it."""

from collections.abc import Iterator

import pytest

from scene.imaging import compiled


@pytest.fixture(scope="module", params=["compiled", "numpy"])
def loops(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.param == "compiled":
        assert compiled.LOOPS is not None, compiled.STATE
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "LOOPS", None)
        yield
