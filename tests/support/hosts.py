"""Other machines, as far as this one can be several: network namespaces on a bridge of their own.

A process of such a host reaches this machine at one address and nothing else; it has the host's name, and a folder of
this machine's disk is another, empty one for it.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_PREFIX = "198.18"
"""Of 198.18.0.0/15, which is kept for measurements between networks: no machine is there."""
_ENTER = 'hostname "$1" && mount -t tmpfs none "$2" && shift 2 && exec "$@"'


@dataclass(frozen=True)
class Host:
    name: str
    address: str
    within: list[str]
    """What becomes a command that follows it, on this host and in the same process."""


@dataclass(frozen=True)
class Network:
    address: str
    """Of this machine, for its hosts."""
    hosts: list[Host]


@contextmanager
def network(count: int, hidden: Path) -> Iterator[Network]:
    """Needs Linux, root and iproute2: skips at home without them, fails in CI.

    hidden: an existing folder, of which each process of a host has an empty one of its own.
    """
    if os.geteuid() != 0 or not all(shutil.which(program) for program in ("ip", "unshare")):
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs network namespaces: run it as root, with iproute2")
        pytest.skip("network namespaces need root and iproute2")
    tag, third = secrets.token_hex(3), secrets.randbelow(256)
    address, bridge = f"{_PREFIX}.{third}.1", f"br-{tag}"
    with ExitStack() as stack:
        _ip("link", "add", bridge, "type", "bridge")
        stack.callback(_ip, "link", "delete", bridge)
        _ip("address", "add", f"{address}/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        hosts = []
        for number in range(1, count + 1):
            name, own = f"host-{number}", f"{_PREFIX}.{third}.{number + 1}"
            namespace = f"{name}-{tag}"
            _ip("netns", "add", namespace)
            stack.callback(_ip, "netns", "delete", namespace)
            _ip("link", "add", f"v{number}-{tag}", "type", "veth", "peer", "name", "eth0", "netns", namespace)
            _ip("link", "set", f"v{number}-{tag}", "master", bridge, "up")
            _ip("-n", namespace, "address", "add", f"{own}/24", "dev", "eth0")
            for link in ("lo", "eth0"):
                _ip("-n", namespace, "link", "set", link, "up")
            enter = ["ip", "netns", "exec", namespace, "unshare", "--mount", "--uts"]
            hosts.append(Host(name, own, [*enter, "sh", "-c", _ENTER, "sh", name, str(hidden)]))
        yield Network(address, hosts)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
