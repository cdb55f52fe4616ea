"""The flow from source to record, against real servers on loopback and real databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from itertools import pairwise

import pytest

from ingest import clock
from ingest.box import Box
from ingest.fetch import Pacer, Resolver, Web
from ingest.fetch.network import LookUp
from ingest.model import Outcome, Source
from ingest.pipeline import ONE_OFF, Report, crawl
from ingest.store import Store, StoredArticle
from tests.web import Answer, Request, Site, conditional, site

PARAGRAPH = "The harbour office said on Monday that the ferries would run again, and that the pier had been mended. "


def page(headline: str, extra: str = "") -> str:
    body = "".join(f"<p>{number}. {headline}: {PARAGRAPH * 3}</p>" for number in ("One", "Two", "Three", "Four"))
    return (
        f"<html lang=en><head><title>{headline}</title></head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>{headline}</h1>{body}{extra}</article></body></html>"
    )


def rss(*items: str) -> Answer:
    body = f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>"
    return Answer(body, headers={"Content-Type": "application/rss+xml"})


def item(url: str, title: str = "An entry", extra: str = "") -> str:
    return f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid>{extra}</item>"


class World:
    """A site, a database, and runs of `crawl` over both."""

    def __init__(self, host: Site, database: str) -> None:
        self.host = host
        self.database = database
        self.sources: list[Source] = []

    def source(self, name: str, path: str = "/feed", kind: str = "feed", **options) -> None:
        self.sources.append(Source(name=name, kind=kind, url=self.host.url + path, **options))

    def article(self, path: str, headline: str = "Ferries run again") -> str:
        """A page with an ETag; its address."""
        self.host.routes[path] = conditional(page(headline), etag=f'"{path}"')
        return self.host.url + path

    def run(
        self,
        *,
        urls: tuple[str, ...] = (),
        delay: float = 0.0,
        watch: Callable[[Report], None] | None = None,
        hold: str = "host",
        look_up: LookUp | None = None,
    ) -> Report:
        async def go() -> Report:
            web = Web(user_agent="ingest/0", timeout=5, max_bytes=5_000_000,
                      allow_addresses=(ip_network("127.0.0.0/8"),), pacer=Pacer(delay),
                      resolver=Resolver(look_up))  # fmt: skip
            report = Report()
            try:
                async with Box() as box:
                    run = asyncio.create_task(
                        crawl(
                            store=store,
                            web=web,
                            box=box,
                            robots="articles",
                            hold=hold,
                            token="ingest",
                            sources=self.sources,
                            urls=urls,
                            report=report,
                        )
                    )
                    if watch is not None:
                        while not run.done():
                            await asyncio.sleep(0)
                            if report.totals[Outcome.STORED]:
                                run.cancel()
                                break
                    return await run
            finally:
                web.close()

        with Store.open(self.database) as store:
            if self.sources:
                store.register(self.sources, clock.now())
            report = asyncio.run(go())
        for one in report.sources.values():
            assert one.discovered == one.outcomes.total(), f"the accounting of {one.name} does not add up"
        return report

    def articles(self) -> list[StoredArticle]:
        with Store.open(self.database) as store:
            return sorted(store.articles(), key=lambda article: article.url)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with site() as host:
        yield World(host, database_url)


def reasons(report: Report, source: str) -> list[str]:
    return [problem.reason for problem in report.sources[source].problems]


def test_a_feeds_articles_are_stored(world: World) -> None:
    world.source("harbour")
    world.host.routes["/feed"] = rss(
        item(world.article("/a", "First story")), item(world.article("/b", "Second story"))
    )
    report = world.run()
    assert report.totals == {Outcome.STORED: 2}
    assert not report.failed
    assert [(a.headline, a.language, a.sources) for a in world.articles()] == [
        ("First story", "en", ("harbour",)),
        ("Second story", "en", ("harbour",)),
    ]
    assert world.articles()[0].body.startswith("One. First story: The harbour office")


def test_a_second_run_asks_conditionally_and_stores_nothing(world: World) -> None:
    world.source("harbour")
    feed = rss(item(world.article("/a")))
    world.host.routes["/feed"] = conditional(feed.body, etag='"f1"', content_type="application/rss+xml")
    world.run()
    first = len(world.host.requests)
    report = world.run()
    second = world.host.requests[first:]
    assert [(r.path, r.headers.get("if-none-match")) for r in second] == [("/feed", '"f1"')]
    assert report.sources["harbour"].polled == "unchanged"
    assert report.total_discovered == 0
    assert len(world.articles()) == 1


def test_a_feed_without_validators_is_read_again_and_its_links_are_unchanged(world: World) -> None:
    world.source("harbour")
    world.host.routes["/feed"] = rss(item(world.article("/a")))
    world.run()
    world.host.routes["/feed"] = rss(item(world.article("/b")), item(world.article("/a")))
    report = world.run()
    assert report.totals == {Outcome.STORED: 1, Outcome.UNCHANGED: 1}
    assert world.host.paths().count("/a") == 1


def test_each_misfortune_is_one_outcome_and_the_others_go_on(world: World) -> None:
    world.source("good")
    world.source("broken", "/broken")
    world.source("gone", "/gone")
    world.sources.append(Source(name="unreachable", kind="feed", url="http://127.0.0.1:1/feed"))
    world.host.routes["/broken"] = Answer("<html><body>Please log in</body></html>")
    world.host.routes["/empty"] = Answer("<html><title>x</title><body><p>Nothing here.</p></body></html>")
    world.host.routes["/pdf"] = Answer(b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
    urls = [world.article("/a"), *(world.host.url + path for path in ("/missing", "/empty", "/pdf"))]
    world.host.routes["/feed"] = rss(*map(item, urls))
    report = world.run()
    assert report.sources["good"].outcomes == {Outcome.STORED: 1, Outcome.FAILED: 2, Outcome.FILTERED: 1}
    found = {problem.url.rpartition("/")[2]: problem.reason for problem in report.sources["good"].problems}
    assert found["missing"] == "HTTP 404 Not Found"
    assert found["empty"].startswith("no article on the page")
    assert found["pdf"].startswith("application/pdf")
    assert [report.sources[name].polled for name in ("broken", "gone", "unreachable")] == ["failed"] * 3
    assert "not a feed" in reasons(report, "broken")[0]
    assert reasons(report, "gone") == ["HTTP 404 Not Found"]
    assert "can't be reached" in reasons(report, "unreachable")[0]
    assert report.failed


def test_a_failed_link_rests_before_it_is_asked_for_again(world: World) -> None:
    world.source("harbour")
    world.host.routes["/feed"] = rss(item(world.host.url + "/missing"))
    world.run()
    world.host.routes["/feed"] = rss(item(world.host.url + "/missing", "Another title"))
    report = world.run()
    assert report.totals == {Outcome.PENDING: 1}
    assert world.host.paths().count("/missing") == 1


def test_the_feeds_full_text_makes_a_record_when_the_page_cannot_be_had(world: World) -> None:
    world.source("harbour")
    text = "".join(f"<p>{PARAGRAPH}{n}</p>" for n in range(6))
    content = f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><![CDATA[{text}]]></content:encoded>"
    world.host.routes["/feed"] = rss(item(world.host.url + "/missing", "Ferries run again", content))
    report = world.run()
    assert report.totals == {Outcome.STORED: 1}
    assert reasons(report, "harbour") == ["HTTP 404 Not Found"]
    (article,) = world.articles()
    assert article.headline == "Ferries run again"
    assert article.body.count("\n\n") == 5


def test_robots_txt_decides_over_pages_and_not_over_the_feed_that_the_user_named(world: World) -> None:
    world.source("harbour")
    world.host.routes["/robots.txt"] = Answer("User-agent: *\nDisallow: /private\nDisallow: /feed\n")
    world.host.routes["/feed"] = rss(item(world.article("/a")), item(world.article("/private/b")))
    report = world.run()
    assert report.totals == {Outcome.STORED: 1, Outcome.FILTERED: 1}
    assert "robots.txt" in reasons(report, "harbour")[0]
    assert "/private/b" not in world.host.paths()
    assert not report.failed


def test_nothing_is_fetched_while_robots_txt_cannot_be_read(world: World) -> None:
    world.source("harbour")
    world.host.routes["/robots.txt"] = Answer(status=503)
    world.host.routes["/feed"] = rss(item(world.article("/a")))
    report = world.run()
    assert report.totals == {Outcome.FAILED: 1}
    assert "/a" not in world.host.paths()


def test_robots_txt_is_read_once_a_day(world: World) -> None:
    world.source("harbour")
    for path in ("/a", "/b"):
        world.host.routes["/feed"] = rss(item(world.article(path, f"Story {path}")))
        world.run()
    assert world.host.paths().count("/robots.txt") == 1


def test_one_article_in_two_feeds_is_one_article_with_two_sightings(world: World) -> None:
    world.source("one", "/one")
    world.source("two", "/two")
    url = world.article("/a")
    world.host.routes["/a?utm_source=two"] = world.host.routes["/a"]
    world.host.routes["/one"] = rss(item(url))
    world.host.routes["/two"] = rss(item(url + "?utm_source=two"))
    report = world.run()
    assert report.totals == {Outcome.STORED: 1, Outcome.DUPLICATE: 1}
    (article,) = world.articles()
    assert sorted(article.sources) == ["one", "two"]
    assert sum(path.startswith("/a") for path in world.host.paths()) == 1


def test_another_address_that_leads_to_a_known_article_is_a_duplicate(world: World) -> None:
    world.source("harbour")
    url = world.article("/a")
    world.host.routes["/short"] = Answer(status=301, headers={"Location": "/a"})
    world.host.routes["/feed"] = rss(item(url), item(world.host.url + "/short"))
    assert world.run().totals == {Outcome.STORED: 1, Outcome.DUPLICATE: 1}
    assert len(world.articles()) == 1


def test_an_edited_article_that_is_fetched_again_by_hand_is_a_new_revision(world: World) -> None:
    url = world.article("/a", "Ferries run again")
    assert world.run(urls=(url,)).sources[ONE_OFF].outcomes == {Outcome.STORED: 1}
    assert world.run(urls=(url,)).sources[ONE_OFF].outcomes == {Outcome.UNCHANGED: 1}
    assert world.host.requests[-1].headers["if-none-match"] == '"/a"'
    world.host.routes["/a"] = Answer(page("Ferries run again, but not on Sundays"))
    assert world.run(urls=(url,)).sources[ONE_OFF].outcomes == {Outcome.STORED: 1}
    (article,) = world.articles()
    assert (article.headline, article.revision) == ("Ferries run again, but not on Sundays", 2)


def test_an_address_that_is_none_is_named(world: World) -> None:
    report = world.run(urls=("http://", "nonsense"))
    assert report.sources[ONE_OFF].outcomes == {Outcome.FAILED: 2}


def test_sitemaps_are_read_through_their_index_and_asked_for_conditionally(world: World) -> None:
    world.source("harbour", "/index.xml", kind="sitemap")
    ns = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    index = f"<sitemapindex {ns}><sitemap><loc>{world.host.url}/news.xml</loc></sitemap></sitemapindex>"
    urls = f"<urlset {ns}><url><loc>{world.article('/a')}</loc></url></urlset>"
    world.host.routes["/index.xml"] = conditional(index, etag='"i"', content_type="application/xml")
    world.host.routes["/news.xml"] = conditional(urls, etag='"n"', content_type="application/xml")
    assert world.run().totals == {Outcome.STORED: 1}
    first = len(world.host.requests)
    assert world.run().totals == {}
    assert [r.headers.get("if-none-match") for r in world.host.requests[first:]] == ['"i"', '"n"']


def test_a_child_sitemap_that_grows_is_seen_though_its_index_is_unchanged(world: World) -> None:
    world.source("harbour", "/index.xml", kind="sitemap")
    ns = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    index = f"<sitemapindex {ns}><sitemap><loc>{world.host.url}/news.xml</loc></sitemap></sitemapindex>"
    world.host.routes["/index.xml"] = conditional(index, etag='"i"', content_type="application/xml")
    for path in ("/a", "/b"):
        urls = f"<urlset {ns}><url><loc>{world.article(path, f'Story {path}')}</loc></url></urlset>"
        world.host.routes["/news.xml"] = Answer(urls, headers={"Content-Type": "application/xml"})
        assert world.run().totals == {Outcome.STORED: 1}
    assert len(world.articles()) == 2


def test_a_listing_pages_links_are_found_by_its_selector_and_without_one(world: World) -> None:
    world.source("by-selector", "/list", kind="page", links="h2 a")
    world.source("recognised", "/front", kind="page")
    one = world.article("/2026/11/20/ferries-run-again-after-storm", "First story")
    two = world.article("/2026/11/21/pier-mended-before-winter-comes", "Second story")
    links = f"<h2><a href='{one}'>Ferries run again after the storm</a></h2><h2><a href='{two}'>Pier mended before winter comes</a></h2>"
    for path in ("/list", "/front"):
        world.host.routes[path] = Answer(
            f"<html><body><nav><a href=/about>About</a></nav><main>{links}</main></body></html>"
        )
    report = world.run()
    assert report.sources["by-selector"].discovered == 2
    assert report.sources["recognised"].discovered == 2
    assert report.totals == {Outcome.STORED: 2, Outcome.DUPLICATE: 2}


def test_a_guessed_link_that_is_no_article_is_no_failure(world: World) -> None:
    world.source("front", "/front", kind="page")
    tag = world.host.url + "/2026/11/20/all-the-stories-of-the-day"
    world.host.routes["/front"] = Answer(
        f"<html><body><h2><a href='{tag}'>All the stories of the day in one place</a></h2></body></html>"
    )
    world.host.routes["/2026/11/20/all-the-stories-of-the-day"] = Answer("<html><body><p>Nothing.</p></body></html>")
    report = world.run()
    assert report.totals == {Outcome.FILTERED: 1}
    assert not report.failed


def test_an_interrupted_run_keeps_what_is_stored_and_the_next_one_goes_on(world: World) -> None:
    world.source("harbour")
    world.host.routes["/feed"] = rss(*(item(world.article(f"/{n}", f"Story {n}")) for n in range(8)))
    report = world.run(watch=lambda _: None)
    assert report.interrupted
    stored = report.totals[Outcome.STORED]
    assert len(world.articles()) == stored
    assert 1 <= stored < 8
    assert report.totals[Outcome.PENDING] == 8 - stored
    assert world.run().totals[Outcome.STORED] == 8 - stored
    assert len(world.articles()) == 8


def test_a_host_sees_one_request_at_a_time_and_none_closer_than_the_delay(world: World) -> None:
    world.source("one", "/one")
    world.source("two", "/two")
    running = 0
    most = 0
    for path in ("/one", "/two"):
        world.host.routes[path] = rss(*(item(world.article(f"{path}{n}", f"Story {path} {n}")) for n in range(3)))
    routes = dict(world.host.routes)

    def counted(route: Answer | Callable[[Request], Answer]) -> Callable[[Request], Answer]:
        def answer(request: Request) -> Answer:
            nonlocal running, most
            running += 1
            most = max(most, running)
            try:
                return route(request) if callable(route) else route
            finally:
                running -= 1

        return answer

    world.host.routes.update({path: counted(route) for path, route in routes.items()})
    assert world.run(delay=0.03).totals == {Outcome.STORED: 6}
    times = [request.at for request in world.host.requests]
    assert most == 1
    assert min(b - a for a, b in pairwise(times)) > 0.02
