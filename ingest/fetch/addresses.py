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

BAD_PORTS = frozenset(
    map(
        int,
        """
        0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123
        135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993
        995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080
        """.split(),
    )
)
"""Ports of other protocols, to which a link must not make us speak: https://fetch.spec.whatwg.org/#port-blocking"""

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


def may_connect(address: str, allowed: Sequence[Network], port: int = 443) -> bool:
    """Whether an address (a literal) is public, and the port the web's; inside one of the allowed networks any port is.

    >>> may_connect("127.0.0.1", []), may_connect("127.0.0.1", [IPv4Network("127.0.0.0/8")])
    (False, True)
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    public = is_public(ip) and port not in BAD_PORTS
    return public or any(ip.version == network.version and ip in network for network in allowed)
