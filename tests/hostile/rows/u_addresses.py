"""U: addresses that are none, or not what they seem."""

from __future__ import annotations

from ingest.urls import resolve, url_key
from tests.hostile.row import Chapter, answer
from tests.hostile.world import World

chapter = Chapter("U", "addresses", 5)


@chapter.row("U1", "addresses that are none", "^all bad_url$")
def _(world: World) -> str:
    bad = (
        "http://a:99999/",
        "http://[::1",
        "http://[v1.x]/",
        "http://xn--a/",
        "http://\ud800/",
        f"http://{'a' * 64}.example/",
        "http:///",
        "http://a b/",
    )
    kinds = {world.get(url, look_up=lambda *_: ["127.0.0.1"]).partition(":")[0] for url in bad}
    return f"all {kinds.pop()}" if len(kinds) == 1 else str(kinds)


@chapter.row("U1", "an address of 1 MB", "^None$")
def _(_: World) -> str:
    return str(resolve("https://example.org/", "/" + "a/" * 500_000))[:40]


@chapter.row("U2", "user information and backslashes", r"^https://e\.com/@evil.example/, https://evil.example/, ")
def _(_: World) -> str:
    return ", ".join(
        str(resolve("", url)) for url in ("https://e.com\\@evil.example/", "https://e.com@evil.example/", "//e.com")
    )


_SPELLINGS = (
    "HTTPS://EXAMPLE.org:443/a/./b/../c?utm_source=x&b=2#top",
    "https://bücher.example/straße?q=ü",
    "http://example.org//a//b/%7Euser/%zz?a=1&a=2&&=",
    "https://example.org/a;jsessionid=1?x=%E2%80%AE#!/b",
    "http://EXAMPLE.org.:80/../../x?fbclid=1",
    "javascript:alert(1)",
    "https://" + "%61" * 200,
    "\ud800",
)


@chapter.row("U3", "the key of a key is the key itself, and nothing raises", "^8 spellings, 0 unstable$")
def _(_: World) -> str:
    unstable = [spelling for spelling in _SPELLINGS if url_key(url_key(spelling)) != url_key(spelling)]
    return f"{len(_SPELLINGS)} spellings, {len(unstable)} unstable"


chapter.held(
    "U3", "of any address: generated ones, 20,000 in `make fuzz`",
    "tests/hostile/test_fuzz.py::test_a_url_key_is_idempotent_and_never_raises",
    "tests/hostile/test_fuzz.py::test_resolve_gives_an_address_of_the_web_or_none_and_is_idempotent",
)  # fmt: skip


@chapter.row("U4", "variants of one address", "^1 identity$")
def _(_: World) -> str:
    variants = (
        "https://Example.org:443/a/./b?utm_source=x#y",
        "http://example.org/a/b",
        "https://www.example.org/a/b/",
        "https://example.org/a/c/../b?fbclid=1",
    )
    return f"{len({url_key(url) for url in variants})} identity"


@chapter.row("U5", "an address of 12 KB", "^200 |^status|^bad")
def _(world: World) -> str:
    return world.get(world.serve(answer()) + "a" * 12_000)


chapter.held(
    "U5", "it is stored as one link and one article, on both databases",
    "tests/store/test_hostile.py::test_an_address_of_twelve_kilobytes_is_one_link_and_one_article",
)  # fmt: skip
