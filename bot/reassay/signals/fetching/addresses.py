"""Addresses of the network that a register may have read: those of the public internet alone, unless an operator allows a host.

A register is written by many people, and the program that reads it runs in somebody's network. Without this check, a source could
name the metadata service of a cloud or a machine behind a firewall (server-side request forgery, CWE-918).
"""

import ipaddress
import socket
from collections.abc import Callable
from typing import Final, TypeAlias

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver: TypeAlias = Callable[[str, int], tuple[IpAddress, ...]]
"""The addresses of a host and port, best first. Raises OSError."""
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_NOT_PUBLIC: Final = (
    # In public ranges, but a cloud's own service (Azure), or public only for some versions of Python.
    ipaddress.ip_network("168.63.129.16/32"),
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("2001::/23"),
    ipaddress.ip_network("3fff::/20"),
)


def resolved(host: str, port: int) -> tuple[IpAddress, ...]:
    """The addresses that the machine's resolver gives. Raises OSError."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers))


def is_public(address: IpAddress) -> bool:
    """Whether an address belongs to the public internet.

    Private, loopback, link-local (with it the metadata services), shared, reserved and multicast ones do not: in IPv4, in IPv6,
    or as IPv4 inside of IPv6.
    """
    if isinstance(address, ipaddress.IPv6Address) and address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address.is_multicast or address.is_reserved or any(address in network for network in _NOT_PUBLIC):
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global
    inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
    return inside is None and address in _UNICAST and address.is_global
