"""Which addresses the server connects to by itself: the table of those that it does not."""

import pytest

from scene.errors import AddressRefused
from scene.outbound.gate import Gate

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808"]
REFUSED = {
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "::1": "loopback",
    "0.0.0.0": "no address",
    "0.1.2.3": "this network",
    "::": "no address",
    "10.1.2.3": "private",
    "172.16.0.1": "private",
    "192.168.1.1": "private",
    "fd00::1": "private",
    "169.254.169.254": "link-local",
    "fe80::1": "link-local",
    "fe80::1%eth0": "one link",
    "100.64.0.1": "CGNAT",
    "224.0.0.1": "multicast",
    "ff02::1": "multicast",
    "240.0.0.1": "private",
    "255.255.255.255": "private",
    "192.0.2.1": "private",
    "198.51.100.1": "private",
    "203.0.113.1": "private",
    "192.0.0.8": "reserved",
    "192.88.99.1": "6to4",
    "198.18.0.1": "benchmarks",
    "2001:db8::1": "private",
    "fec0::1": "site-local",
    "::ffff:127.0.0.1": "mapped",
    "::ffff:8.8.8.8": "mapped",
    "::ffff:0:8.8.8.8": "translated",
    "::7f00:1": "written as IPv6",
    "2002:7f00:1::": "6to4",
    "2002:808:808::1": "6to4",
    "2001:0:7f00:1::": "Teredo",
    "64:ff9b::7f00:1": "loopback",
    "64:ff9b::a9fe:a9fe": "link-local",
    "64:ff9b:1::1": "NAT64",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_dialled(address: str) -> None:
    assert Gate().addresses("hooks.example", [address]) == [address]


@pytest.mark.parametrize(("address", "kind"), REFUSED.items())
def test_every_other_address_is_refused_with_its_kind(address: str, kind: str) -> None:
    with pytest.raises(AddressRefused, match=kind):
        Gate().addresses("hooks.example", [address])


def test_of_a_mixed_answer_only_the_public_part_is_dialled() -> None:
    assert Gate().addresses("hooks.example", ["10.0.0.1", "8.8.8.8", "::1"]) == ["8.8.8.8"]


@pytest.mark.parametrize(
    ("allowed", "host", "address"),
    [
        ("ci.corp.example", "CI.corp.example.", "10.0.0.1"),
        ("*.corp.example", "a.b.corp.example", "10.0.0.1"),
        ("*.corp.example", "corp.example", "10.0.0.1"),
        ("10.0.0.0/8", "anything.example", "10.2.3.4"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1", "::1"),
    ],
)
def test_a_setting_allows_a_name_an_address_or_a_network(allowed: str, host: str, address: str) -> None:
    assert Gate([allowed]).addresses(host, [address]) == [address]


@pytest.mark.parametrize("host", ["evil-corp.example", "corp.example.evil.example", "ci.corp.example.evil.example"])
def test_a_name_that_only_resembles_an_allowed_one_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        Gate(["*.corp.example", "ci.corp.example"]).addresses(host, ["10.0.0.1"])


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST.", "a.localhost", "127.1", "0x7f.1", "2130706433", "017700000001", "[::1]", "0"],
)
def test_what_needs_no_resolver_is_refused_when_it_is_typed(host: str) -> None:
    with pytest.raises(AddressRefused):
        Gate().refuse_literal(host)


@pytest.mark.parametrize("host", ["hooks.example.org", "8.8.8.8", "xn--bcher-kva.example"])
def test_other_hosts_are_judged_when_they_are_dialled(host: str) -> None:
    Gate().refuse_literal(host)
