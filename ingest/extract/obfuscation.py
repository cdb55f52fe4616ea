"""E-mail addresses that pages hide from harvesters."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PROTECTED = re.compile(r"/cdn-cgi/l/email-protection#([0-9a-fA-F]{6,})")


def cloudflare_email(attributes: Mapping[str, str | None]) -> str | None:
    """The address that stands for "[email protected]" in an element with `data-cfemail`; None if there is none.

    >>> cloudflare_email({"data-cfemail": "234746504863465b424e534f460d4c5144"})
    'desk@example.org'
    """
    code = attributes.get("data-cfemail")
    return _decode(code) if code else None


def cloudflare_target(href: str) -> str | None:
    """The address in a link to `/cdn-cgi/l/email-protection#…`.

    >>> cloudflare_target("/cdn-cgi/l/email-protection#234746504863465b424e534f460d4c5144")
    'desk@example.org'
    """
    found = _PROTECTED.search(href)
    return _decode(found[1]) if found else None


def _decode(code: str) -> str | None:
    """The first byte is the key, the others are the address XOR the key.

    https://developers.cloudflare.com/waf/tools/scrape-shield/email-address-obfuscation/
    """
    try:
        key, *rest = bytes.fromhex(code)
    except ValueError:
        return None
    address = bytes(byte ^ key for byte in rest).decode("utf-8", "replace").partition("?")[0]
    return address if "@" in address else None
