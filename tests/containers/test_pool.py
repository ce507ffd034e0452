"""Containers that wait, each for one execution."""

from scene.launch.docker.options import PoolOptions
from tests.containers.conftest import MakeJob, finished
from tests.support.engine import ContainerEngine

_LONG = 120


def test_a_container_waits_for_the_next_execution_and_is_used_once(containers: ContainerEngine, job: MakeJob) -> None:
    launcher = containers.launcher(pool=PoolOptions(size=1))
    assert containers.of(launcher) == [], "nobody has asked for one yet"
    finished(launcher, job())
    assert launcher.pool.wait_until_full(_LONG)
    first = launcher.pool.ids()
    finished(launcher, job())
    assert launcher.pool.wait_until_full(_LONG)
    assert len(first) == 1
    assert launcher.pool.ids().isdisjoint(first)
    launcher.close()
    assert containers.of(launcher) == []


def test_a_pool_that_nobody_needs_shrinks_to_nothing(containers: ContainerEngine, job: MakeJob) -> None:
    launcher = containers.launcher(pool=PoolOptions(size=1, idle_seconds=8))
    finished(launcher, job())
    assert launcher.pool.wait_until_full(_LONG)
    assert launcher.pool.wait_until_empty(_LONG)
    assert containers.left(launcher) == [], "that of the execution is removed when nobody waits for it"


def test_a_container_that_died_while_it_waited_is_passed_over(containers: ContainerEngine, job: MakeJob) -> None:
    launcher = containers.launcher(pool=PoolOptions(size=1))
    finished(launcher, job())
    assert launcher.pool.wait_until_full(_LONG)
    (waiting,) = launcher.pool.ids()
    containers.engine.remove(waiting)
    finished(launcher, job())


def test_a_container_can_serve_its_run_and_no_other(containers: ContainerEngine, job: MakeJob) -> None:
    launcher = containers.launcher(reuse=True)
    finished(launcher, job(group="one"))
    first = containers.of(launcher)
    finished(launcher, job("<h1>Another", group="one"))
    assert containers.of(launcher) == first
    finished(launcher, job(group="two"))
    assert len(set(containers.of(launcher)) - set(first)) == 1
    launcher.close()
    assert containers.of(launcher) == []
