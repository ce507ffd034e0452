"""Which addresses nothing is sent to, in whatever form they are written."""

import ipaddress

import pytest

from scene.egress.addresses import own_addresses, refusal

_NEVER = [
    "169.254.169.254",
    "169.254.0.1",
    "fe80::1",
    "::ffff:169.254.169.254",
    "2002:a9fe:a9fe::1",
    "64:ff9b::a9fe:a9fe",
    "::a9fe:a9fe",
    "fd00:ec2::254",
    "100.100.100.200",
    "168.63.129.16",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
]
_LOOPBACK = ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "2002:7f00:1::"]


@pytest.mark.parametrize("address", _NEVER)
def test_link_local_metadata_and_no_addresses_are_refused_always(address: str) -> None:
    assert refusal(ipaddress.ip_address(address), loopback=True)


@pytest.mark.parametrize("address", _LOOPBACK)
def test_loopback_is_for_a_setting_to_allow(address: str) -> None:
    assert refusal(ipaddress.ip_address(address), loopback=True) is None
    assert "SCENE_LOOPBACK_PAGES" in (refusal(ipaddress.ip_address(address), loopback=False) or "")


def test_the_machines_other_addresses_are_as_its_loopback() -> None:
    own = ipaddress.ip_address("192.168.7.7")
    assert refusal(own, loopback=False, own=[own])
    assert refusal(own, loopback=True, own=[own]) is None
    assert ipaddress.ip_address("127.0.0.1") in own_addresses()


@pytest.mark.parametrize("address", ["93.184.216.34", "10.0.0.8", "192.168.1.1", "2606:2800:220:1::1", "fd12::1"])
def test_servers_of_the_world_and_of_a_company_are_reached(address: str) -> None:
    assert refusal(ipaddress.ip_address(address), loopback=False) is None
