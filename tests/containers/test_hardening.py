"""A capture in a container, and what that container may not do: asked of the kernel and of the engine."""

import re
from typing import Any

import pytest

from scene.launch.docker.launcher import DockerLauncher
from tests.containers.conftest import Hanging, MakeJob
from tests.support.engine import ContainerEngine


@pytest.fixture
def waiting(launcher: DockerLauncher, job: MakeJob, containers: ContainerEngine) -> Any:
    """The engine's own account of a container whose page is open."""
    with Hanging(launcher, job(wait_before_capture_ms=60_000)):
        yield containers.busy(launcher)


def status(containers: ContainerEngine, container: str, which: str) -> dict[str, str]:
    """/proc/PID/status of the first process whose command has this in it; the shell that looks has it in brackets."""
    pattern = f"[{which[0]}]{which[1:]}"
    script = f"for p in /proc/[0-9]*; do grep -qa -- '{pattern}' $p/cmdline && cat $p/status && exit; done"
    return dict(re.findall(r"^(\w+):\s*(.*)$", containers.execute(container, script), re.MULTILINE))


def test_nothing_is_root_and_nothing_can_become_it(containers: ContainerEngine, waiting: dict[str, Any]) -> None:
    for which in ("scene_runner.contained", "--type=renderer"):
        process = status(containers, waiting["Id"], which)
        assert process["Uid"].split() == ["10001"] * 4
        assert process["CapEff"].strip("0") == ""
        assert process["NoNewPrivs"] == "1"
    runner = status(containers, waiting["Id"], "scene_runner.contained")
    assert runner["CapBnd"].strip("0") == ""


def test_the_renderer_is_in_chromiums_own_sandbox(containers: ContainerEngine, waiting: dict[str, Any]) -> None:
    """A user namespace of its own, and a filter of system calls beside the container's."""
    script = (
        "for p in /proc/[0-9]*; do grep -qa -- '[-]-type=renderer' $p/cmdline "
        "&& readlink $p/ns/user && grep Seccomp_filters $p/status && break; done; readlink /proc/self/ns/user; "
        "grep Seccomp_filters /proc/self/status"
    )
    renderers, filters, ours, our_filters = containers.execute(waiting["Id"], script).splitlines()
    assert renderers.startswith("user:")
    assert renderers != ours
    assert int(filters.split()[1]) > int(our_filters.split()[1])
    assert status(containers, waiting["Id"], "--type=renderer")["Seccomp"] == "2"


def test_nothing_can_be_written_but_temporary_files(containers: ContainerEngine, waiting: dict[str, Any]) -> None:
    said = containers.execute(waiting["Id"], "for d in / /etc /opt/scene /usr /var /dev; do touch $d/x; done; echo end")
    assert said.count("Read-only file system") + said.count("Permission denied") == 6
    assert "noexec" in containers.execute(waiting["Id"], "grep ' /tmp ' /proc/mounts")


def test_there_is_no_way_out_but_the_stream(containers: ContainerEngine, waiting: dict[str, Any]) -> None:
    assert waiting["HostConfig"]["NetworkMode"] == "none"
    assert containers.execute(waiting["Id"], "ls /sys/class/net").split() == ["lo"]
    assert containers.execute(waiting["Id"], "tail -n +2 /proc/net/route") == ""
    assert waiting["Mounts"] == []


def test_the_limits_are_the_kernels(containers: ContainerEngine, waiting: dict[str, Any]) -> None:
    limits = waiting["HostConfig"]
    assert (limits["Memory"], limits["MemorySwap"], limits["PidsLimit"]) == (1 << 30, 1 << 30, 512)
    assert limits["LogConfig"]["Type"] == "none", "what a page makes it write fills no disk"


def test_the_engines_own_profile_does_without_chromiums_sandbox(containers: ContainerEngine, job: MakeJob) -> None:
    """Where ordinary users may have no namespaces, it is one setting away, and the container holds all the same."""
    launcher = containers.launcher(seccomp="engine")
    with Hanging(launcher, job(wait_before_capture_ms=60_000)):
        container = containers.busy(launcher)
        assert not any(option.startswith("seccomp") for option in container["HostConfig"]["SecurityOpt"])
        renderer = status(containers, container["Id"], "--type=renderer")
        runner = status(containers, container["Id"], "scene_runner.contained")
    assert (renderer["Seccomp"], renderer["NoNewPrivs"]) == ("2", "1")
    assert renderer["Seccomp_filters"] == runner["Seccomp_filters"], "the engine's filter alone"
    launcher.close()
