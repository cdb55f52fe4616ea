"""Who a host belongs to: registrable domains without a network and without the whole Public Suffix List."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.urls.address import read

# Labels under which registries of country codes sell names (https://publicsuffix.org/list/, the ICANN part): com.au,
# co.uk, or.kr, gob.mx … Under generic domains (.com, .org) nobody does.
SECOND_LEVELS = frozenset(
    "ac ad asn asso biz blog co com conf ed edu eng es fin firm gc gen geek go gob gok gop gos gouv gov govt gr gub gv hs id "
    "ind inf info iwi jor kg kiwi law lg ltd maori me mil mob ms muni museum name ne net nhs nic nom nsn oop or org os "
    "oz parliament pe plc police presse priv pro pub rc re ret sc sch school tm tv web wiki".split()
)
# Sites whose own name looks like one of these.
NOT_SUFFIXES = frozenset({"net.hr", "info.cz", "web.de", "gov.pl", "tv.nu", "go.it", "blog.hu", "pro.fr"})
# Hosts that lend their name to everybody (https://publicsuffix.org/list/, the private part, news and blogs only).
SHARED = frozenset(
    "appspot.com beehiiv.com blogspot.com fc2.com ghost.io github.io gitlab.io hatenablog.com herokuapp.com jimdofree.com "
    "livejournal.com myshopify.com netlify.app neocities.org over-blog.com pages.dev substack.com tistory.com tumblr.com "
    "typepad.com vercel.app web.app weebly.com wixsite.com wordpress.com wpcomstaging.com".split()
)
_BLOGSPOT = re.compile(r"blogspot\.(?:com?\.)?[a-z]{2,3}")


@lru_cache(maxsize=64)  # four fields of an article ask for the site of its address
def site_of(url: str) -> str:
    """The name under which one publisher owns all hosts: "example.co.uk" for https://amp.news.example.co.uk/.

    The registrable domain; where hosts of one domain belong to different people (blogspot.com, substack.com), the
    host itself; for IP addresses and single names, host and port. "" for what is no web address.

    >>> site_of("https://m.news.example.co.kr/1"), site_of("https://a.blogspot.com/"), site_of("http://localhost:81/")
    ('example.co.kr', 'a.blogspot.com', 'localhost:81')
    """
    address = read(url)
    if address is None:
        return ""
    domain = registrable(address.host)
    return address.origin if domain is None else domain


def same_site(a: str, b: str) -> bool:
    """Whether two URLs belong to one publisher, as far as their names tell; False if one is no web address.

    >>> same_site("https://amp.example.org/a", "https://www.example.org/b")
    True
    >>> same_site("https://one.substack.com/", "https://two.substack.com/")
    False
    """
    site = site_of(a)
    return site != "" and site == site_of(b)


@lru_cache(maxsize=4096)
def registrable(host: str) -> str | None:
    """The registrable domain of a host name in ASCII; None for IP addresses, single names and suffixes themselves.

    >>> registrable("www.abc.net.au"), registrable("net.hr"), registrable("com.au"), registrable("127.0.0.1")
    ('abc.net.au', 'net.hr', None, None)
    """
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or host.startswith("["):
        return None
    size = 3 if is_suffix(".".join(labels[-2:])) else 2
    if size == 3 and len(labels) > 3 and is_suffix(".".join(labels[-3:])):  # blogspot.co.uk
        size = 4
    return ".".join(labels[-size:]) if len(labels) >= size else None


def is_suffix(domain: str) -> bool:
    """Whether different people own the names right below it."""
    if domain in SHARED or _BLOGSPOT.fullmatch(domain):
        return True
    second, _, top = domain.rpartition(".")
    return len(top) == 2 and second in SECOND_LEVELS and domain not in NOT_SUFFIXES
