"""robots.txt by RFC 9309, read with Protego; its input is mended first for what Protego 0.7 gets wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

MAX_BYTES = 512 * 1024
"""RFC 9309 §2.5 asks for at least 500 KiB."""

_MOST_RULES = 500  # looked through for the one that decides; each costs a parse
_AGENT_LINE = re.compile(r"^[ \t]*user-agent[ \t]*:[ \t]*([^#\r\n]*)", re.IGNORECASE)
_PRODUCT = re.compile(r"\*|[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host allows us. `parser` is None where everything or nothing is allowed."""

    parser: Protego | None
    allow_all: bool
    token: str

    @classmethod
    def read(cls, status: int, body: bytes, token: str) -> Robots:
        r"""Of the answer to /robots.txt, for our product token.

        4xx allows everything, 5xx (and `status` 0: unreachable) nothing (RFC 9309 §2.3.1.3 and §2.3.1.4).

        >>> Robots.read(404, b"", "ingest").allows("https://example.org/a")
        True
        >>> Robots.read(200, b"User-agent: *\nDisallow: /a", "ingest").allows("https://example.org/a")
        False
        """
        if 200 <= status < 300:
            return cls(
                Protego.parse(_mended(body[:MAX_BYTES].decode("utf-8-sig", "replace"), token)),
                allow_all=True,
                token=token,
            )
        return cls(None, allow_all=400 <= status < 500, token=token)

    def allows(self, url: str) -> bool:
        return self.allow_all if self.parser is None else bool(self.parser.can_fetch(url, self.token))

    @property
    def unreachable(self) -> bool:
        """Neither rules nor a refusal: nothing may be fetched until it answers again."""
        return self.parser is None and not self.allow_all

    @property
    def crawl_delay(self) -> float | None:
        """Seconds, as the host asks; to be clamped by whoever waits."""
        delay = self.parser.crawl_delay(self.token) if self.parser else None
        return float(delay) if delay is not None else None


def deciding_rule(body: bytes, token: str, url: str) -> str | None:
    r"""The line without which the URL would be allowed; None where no single one decides.

    >>> deciding_rule(b"User-agent: *\nDisallow: /a\nDisallow: /b", "ingest", "https://example.org/b/1")
    'Disallow: /b'
    """
    lines = body[:MAX_BYTES].decode("utf-8-sig", "replace").splitlines()
    rules = [number for number, line in enumerate(lines) if line.lstrip().lower().startswith("disallow")]
    for number in rules[:_MOST_RULES]:
        without = "\n".join(line for other, line in enumerate(lines) if other != number)
        if Robots.read(200, without.encode(), token).allows(url):
            return lines[number].strip()
    return None


def _mended(text: str, token: str) -> str:
    """The same rules, in the form that Protego reads right.

    - `User-agent: Foo/1.0` means the product Foo (RFC 9309 §2.2.1: the token alone counts); Protego ignores such lines.
    - Protego takes a group for `foobot` as one for `foobot-news` as well: groups of other products are renamed apart.
    - A `Crawl-delay` between two User-agent lines splits their group: it is moved behind them.
    """
    lines: list[str] = []
    held: list[str] = []
    in_agents = False
    for line in text.splitlines():
        found = _AGENT_LINE.match(line)
        if found:
            product = _PRODUCT.match(found[1].strip())
            name = product[0] if product else found[1].strip()
            mine = name == "*" or name.lower() == token.lower()
            lines.append(f"User-agent: {name if mine else 'not-' + token + '-but-another'}")
            in_agents = True
        elif in_agents and re.match(r"\s*crawl-delay\s*:", line, re.IGNORECASE):
            held.append(line)
        elif line.strip() and not line.lstrip().startswith("#"):
            lines += held
            held, in_agents = [], False
            lines.append(line)
    return "\n".join(lines + held)
