"""E-mail addresses in text and links, and the ways in which pages hide them from harvesters.

jane@example.org   jane (at) example [dot] org   jane＠example.org   data-cfemail="…"   mailto:…   UnCryptMailto('…')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

_PROTECTED = re.compile(r"/cdn-cgi/l/email-protection#([0-9a-fA-F]{6,})")
_TYPO3 = re.compile(r"UnCryptMailto\((?:%20|\s)*(?:['\"]|%27)(.{6,200}?)(?:['\"]|%27)", re.IGNORECASE)
# The ranges that TYPO3 rotates: https://docs.typo3.org/ config.spamProtectEmailAddresses
_ROTATED = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))

# How people write "@" and "." for people only. A bare word ("at", "dot") counts only where both are written so.
_PLAIN_AT = r"(?:@|＠|﹫|\s{1,2}[@＠]\s{1,2})"
_OPENING = r"\[({<＜（"
_BRACKETED = (
    r"\s?(?:at|ät|ατ|a|@|arroba|arobase|chiocciola|snabel-?a|apenstaartje|małpa|zavináč|kukac|собака|골뱅이|アット)"
    r"\s?[\])}>＞）]"
)
_AT = rf"(?:{_PLAIN_AT}|\s{{0,2}}[{_OPENING}]{_BRACKETED}\s{{0,2}})"
_DOT = r"(?:[.．]|\s?[\[({<（]\s?(?:dot|punkt|punto|ponto|point|punt|kropka|tečka|pont|точка|\.)\s?[\])}>）]\s?)"
# Letters of addresses: Latin, Greek, Cyrillic, Armenian, full-width. Other scripts join what stands beside an address,
# by writing no spaces ("ご意見はdesk@example.jpまで", "기자kim@example.kr") or by prefixes ("ל-desk@example.org").
_LETTERS = "0-9A-Z_a-z\u00c0-\u058f\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
_LOCAL = rf"[{_LETTERS}.+'-]{{1,64}}"
_LABEL = rf"[{_LETTERS}-]{{1,63}}"
_ADDRESS = re.compile(
    rf"(?<![{_LETTERS}.+-])({_LOCAL}?){_AT}({_LABEL}(?:{_DOT}{_LABEL}){{1,5}})(?![{_LETTERS}@-])",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"(?<![\w.+-])([\w.+-]{2,64}) at ([\w-]{2,63}(?: dot [\w-]{2,63}){1,4})(?!\w)", re.IGNORECASE)
SIGNS = f"@＠﹫{_OPENING}"
"""The characters, as in a set of a pattern, of which one stands in every address; but for spoken ones."""
BEHIND_SIGN = rf"(?:(?<=[@＠﹫])|(?<=[{_OPENING}])(?i:{_BRACKETED}))"
"""What stands behind such a character if it is part of an address."""
_HINT = re.compile(rf"[{SIGNS}]{BEHIND_SIGN}")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}")
# What forms show as an example, and the names of retina pictures ("logo@2x.png").
_NO_ADDRESS = re.compile(
    r"^(?:user|username|name|vorname|nachname|you|your\.?(?:name|email)|email|e-mail|mail|xyz|abc|someone|max\.mustermann)"
    r"@(?:example|domain|mail|email|beispiel|yourdomain|website|site)\.|\.(?:png|jpe?g|gif|webp|svg|js|css)$"
)


def emails(text: str) -> tuple[str, ...]:
    """The addresses in a text in order, each once, as one would type them; whatever way they are written.

    >>> emails("Write to jane.doe@example.net, tips (at) example [dot] com or 김 기자 kim＠example.kr.")
    ('jane.doe@example.net', 'tips@example.com', 'kim@example.kr')
    >>> emails("ご意見はdesk@example.jpまで"), emails("כתבו ל-desk@example.org")
    (('desk@example.jp',), ('desk@example.org',))
    """
    if not hints_at_address(text):
        return ()
    found: list[str] = []
    for pattern in (_ADDRESS, _SPOKEN):
        for match in pattern.finditer(text):
            domain = re.sub(r"\s", "", re.sub(_DOT, ".", match[2].replace(" dot ", "."), flags=re.IGNORECASE)).strip(
                "."
            )
            address = f"{match[1].strip('.').lstrip(chr(39) + '-')}@{domain}"
            if match[1].strip(".-"):
                found.append(address)
    return tuple(dict.fromkeys(address for address in found if is_address(address)))


def hints_at_address(text: str) -> bool:
    """Whether an address may stand in a text: a test that costs little.

    >>> hints_at_address("jane (at) example.org"), hints_at_address("Jane (at home)")
    (True, False)
    """
    return " dot " in text or _HINT.search(text) is not None


def is_address(address: str) -> bool:
    """Whether it can be somebody's: a domain with a top level of letters, no example, no file name.

    >>> is_address("user@example.com"), is_address("logo@2x.png"), is_address("a@b.co")
    (False, False, True)
    """
    local, _, domain = address.rpartition("@")
    return bool(local) and bool(_DOMAIN.fullmatch(domain)) and not _NO_ADDRESS.search(address.lower())


def link_emails(href: str) -> tuple[str, ...]:
    """The addresses that a link writes to: `mailto:`, Cloudflare's protected form, TYPO3's encrypted one.

    >>> link_emails("mailto:desk%40paper.net?subject=x")
    ('desk@paper.net',)
    """
    target = href.strip()
    if target[:7].lower() == "mailto:":
        written = unquote(target[7:].partition("?")[0])
        return tuple(address for part in re.split(r"[,;]", written) if is_address(address := part.strip()))
    if "email-protection" in target and (address := cloudflare_target(target)):
        return (address,)
    if "ncryptmailto" in target.lower() and (hidden := _TYPO3.search(target)):
        return link_emails(_unrotated(unquote(hidden[1])))
    return ()


def cloudflare_email(attributes: Mapping[str, str | None]) -> str | None:
    """The address that stands for "[email protected]" in an element with `data-cfemail`; None if there is none.

    >>> cloudflare_email({"data-cfemail": "234746504863465b424e534f460d4c5144"})
    'desk@example.org'
    """
    code = attributes.get("data-cfemail")
    return _decode(code) if code else cloudflare_target(attributes.get("href") or "")


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


def _unrotated(code: str) -> str:
    """What TYPO3 rotated by a number that is not known: the rotation that begins with "mailto:", else ""."""
    for offset in range(-26, 27):  # the ranges wrap at different lengths: -1 is not 25
        text = "".join(_rotate(char, offset) for char in code)
        if text.startswith("mailto:"):
            return text
    return ""


def _rotate(char: str, offset: int) -> str:
    for first, last in _ROTATED:
        if first <= ord(char) <= last:
            return chr(first + (ord(char) - first + offset) % (last - first + 1))
    return char
