"""Which addresses may be connected to: the public internet, and what `fetch.allow_addresses` opens.

Our own table, because `ipaddress.is_global` of Python 3.11 says True for 64:ff9b::/96, 2002::/16, fec0::/10,
192.0.0.192 and multicast. Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890).
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_SPECIAL_IPV4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the clouds' metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_GLOBAL_IPV6 = IPv6Network("2000::/3")
_SPECIAL_IPV6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)

Network = IPv4Network | IPv6Network


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public internet. An IPv4-mapped address is judged as the IPv4 address in it.

    >>> is_public(ip_address("93.184.215.14")), is_public(ip_address("::ffff:10.0.0.1"))
    (True, False)
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        return address in _GLOBAL_IPV6 and not any(address in block for block in _SPECIAL_IPV6)
    return not any(address in block for block in _SPECIAL_IPV4)


def may_connect(address: str, allowed: Sequence[Network]) -> bool:
    """Whether an address (a literal) is public or inside one of the allowed networks.

    >>> may_connect("127.0.0.1", []), may_connect("127.0.0.1", [IPv4Network("127.0.0.0/8")])
    (False, True)
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return is_public(ip) or any(ip.version == network.version and ip in network for network in allowed)
