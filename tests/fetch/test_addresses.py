"""Which addresses are public."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from ingest.fetch.addresses import is_public, may_connect

PRIVATE = """
0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1
192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1
2002:7f00:1:: fc00::1 fd12::1 fe80::1 fec0::1 ff02::1 ff0e::1 3fff::1
""".split()
PUBLIC = "1.1.1.1 93.184.215.14 172.15.0.1 172.32.0.1 192.0.1.1 223.255.255.1 2606:4700::1 2a00:1450::1 ::ffff:1.1.1.1".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_ordinary_addresses_are(address: str) -> None:
    assert is_public(ip_address(address))


def test_the_ports_of_other_protocols_are_closed_but_in_networks_that_the_user_opened() -> None:
    assert not may_connect("1.1.1.1", [], 25)
    assert may_connect("1.1.1.1", [], 8080)
    assert may_connect("127.0.0.1", [ip_network("127.0.0.0/8")], 25)


def test_a_network_that_the_user_opened_may_be_reached_and_only_that() -> None:
    opened = [ip_network("10.1.0.0/16"), ip_network("::1/128")]
    assert may_connect("10.1.9.9", opened)
    assert may_connect("::ffff:10.1.9.9", opened)
    assert may_connect("::1", opened)
    assert not may_connect("10.2.0.1", opened)
    assert not may_connect("fe80::1%eth0", opened)
