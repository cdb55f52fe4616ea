"""The store: what the rest of ingest knows of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from ingest.cadence import Bounds
from ingest.dedupe import Fingerprint, Known, Likeness, Verdict
from ingest.model import Source
from ingest.record_json import Record
from ingest.store import (
    agenda,
    archive,
    articles,
    care,
    clusters,
    feed,
    hosts,
    links,
    pages,
    prune,
    replan,
    robots,
    schema,
    search,
    settle,
    sources,
    watch,
)
from ingest.store.database import Database
from ingest.store.ledger import Ledger
from ingest.store.records import (
    Change,
    Claim,
    DueLink,
    Hold,
    HostWork,
    KeptPage,
    PageState,
    Plan,
    Poll,
    PollEntry,
    PollReceipt,
    PollState,
    Pruned,
    Retention,
    Revision,
    RobotsRecord,
    SearchHit,
    Settled,
    Settlement,
    Size,
    StoredArticle,
)
from ingest.store.versions import settle_schema
from ingest.store.watch import Fill, LinkStatus, SourceStatus

T = TypeVar("T")


class Store:
    """A database that is open. Synchronous; one thread at a time. A context manager that closes it.

    Every method that writes is one transaction: when it returns, all is committed; when it raises, nothing is.
    All raise DatabaseUnavailable if the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keepers: frozenset[str] | None = None
        """The sources whose pages are kept; None: not asked for since they may have changed."""

    @classmethod
    def open(cls, url: str, *, upgrade: bool = False) -> Self:
        """Open `sqlite:///file.db` or `postgresql://user@host/name`; an empty database gets the schema.

        Raises SchemaOutdated for an older one (unless `upgrade`), SchemaTooNew for a newer one, DatabaseUnavailable
        if there is none, StoreError for a URL that names no database.
        """
        database = Database(url)
        try:
            settle_schema(database, upgrade=upgrade)
        except BaseException:  # whatever it is, Ctrl-C too: nobody else could close it
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        self._database.close()

    @property
    def name(self) -> str:
        """The database's URL without its password."""
        return self._database.name

    @property
    def revision(self) -> str:
        """The schema's number."""
        return schema.REVISION

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------ sources and polls

    def register(self, sources_: Sequence[Source], now: datetime) -> None:
        """Make the sources agree with the configuration. Those no longer named are paused; their articles stay."""
        self._database.write(lambda connection: sources.register(connection, sources_, now))
        self._keepers = None

    def replan(self, sources_: Sequence[Source], bounds: Callable[[Source], Bounds]) -> int:
        """Bring polls that were planned under other bounds within these; gives how many were outside of them."""
        return self._database.write(lambda connection: replan.replan(connection, sources_, bounds))

    def poll_state(self, source: str) -> PollState:
        """What the next request of a source needs. Raises StoreError for one that was never registered."""
        with self._database.reading() as connection:
            return sources.poll_state(connection, source)

    def record_poll(
        self, poll: Poll, *, plan: Callable[[PollReceipt], Plan] | None = None, claim: Claim | None = None
    ) -> PollReceipt:
        """As `record_polls`, for one."""
        [receipt] = self.record_polls([PollEntry(poll=poll, plan=plan, claim=claim)])
        return receipt

    def record_polls(self, entries: Sequence[PollEntry]) -> list[PollReceipt]:
        """Write down polls, all or none: their links, the sightings, and the validators that say we have them."""
        return self._database.write(lambda connection: links.record_polls(connection, entries))

    # ------------------------------------------------------------ the hosts' ledger

    def clock(self) -> datetime:
        """The time by the database's clock, which decides between processes."""
        with self._database.reading() as connection:
            return hosts.clock(connection)

    def claim_hosts(self, owner: str, now: datetime, limit: int, lease: timedelta, *, links: int) -> list[HostWork]:
        """Lease up to `limit` hosts that are due, the longest overdue first, with their due polls and `links` links."""
        return self._database.write(
            lambda connection: agenda.claim_work(connection, owner, now, limit, lease, links_=links)
        )  # fmt: skip

    def claim_host(self, host: str, owner: str, now: datetime, lease: timedelta) -> Claim | None:
        """Lease this host, due or not; None while somebody else has it."""
        return self._database.write(lambda connection: hosts.claim(connection, host, owner, now, lease))

    def host_work(
        self,
        claim: Claim,
        now: datetime,
        limit: int,
        *,
        sources: Sequence[str] | None = None,
        poll: Sequence[str] | None = None,
    ) -> HostWork:
        """Due polls and up to `limit` due links of a host; their next due times are stored before they are asked for.

        `sources` leaves only these sources' links; `poll` names those to poll in place of those that are due.
        """
        return self._database.write(
            lambda connection: agenda.work(connection, claim, now, limit, names=sources, poll=poll)
        )

    def hosts_of_links(self, sources_: Sequence[str], now: datetime) -> list[str]:
        """The hosts on which links of these sources are due."""
        with self._database.reading() as connection:
            return agenda.hosts_of_links(connection, sources_, now)

    def renew(self, claims: Sequence[Claim], now: datetime, lease: timedelta) -> list[Claim]:
        """The claims that still hold, with their new end."""
        return self._database.write(lambda connection: hosts.renew(connection, claims, now, lease))

    def hold(self, claim: Claim, hold: Hold, *, whole_site: bool = False) -> None:
        """The host asked for patience; `whole_site`: the hosts known by now under its registrable domain get it, too.

        Visits of these others lose their leases.
        """
        self._database.write(lambda connection: hosts.hold(connection, claim, hold, whole_site=whole_site))

    def holds(self, host: str) -> int:
        """How often in a row a host asked for patience."""
        with self._database.reading() as connection:
            return hosts.holds(connection, host)

    def release(
        self,
        claim: Claim,
        next_request_at: datetime | None,
        *,
        rest_until: datetime | None = None,
        answered: bool = False,
    ) -> None:
        """End a visit; a lease that was lost already is left alone.

        `next_request_at`: the last request's start and the delay. The host is not due before `rest_until`. `answered`: it
        answered without asking for patience, so that an earlier hold is over.
        """
        self._database.write(
            lambda connection: hosts.release(
                connection, claim, next_request_at, rest_until=rest_until, answered=answered
            )
        )

    def owners(self) -> list[str]:
        """Who has leases."""
        with self._database.reading() as connection:
            return hosts.owners(connection)

    def free(self, dead: Sequence[str], at: datetime) -> int:
        """Take the leases of visitors that are known to be dead; their hosts are due at `at`. Gives how many."""
        return self._database.write(lambda connection: hosts.free(connection, dead, at)) if dead else 0

    def catch_up(self, now: datetime) -> int:
        """Spread what came due while nobody looked, and mend what a wrong clock wrote; gives how many hosts moved."""
        return self._database.write(lambda connection: hosts.catch_up(connection, now))

    # ------------------------------------------------------------ watching

    def source_status(self, names: Sequence[str] | None = None) -> list[SourceStatus]:
        """How all sources are, or those that are named."""
        with self._database.reading() as connection:
            return watch.statuses(connection, names)

    def link_status(self, url: str) -> LinkStatus | None:
        """What became of an address; None for one that nobody offered or asked for."""
        with self._database.reading() as connection:
            return watch.link_status(connection, url)

    def quarantined(self) -> dict[str, int]:
        """Source → pages that were too much for the parser until it gave them up; sources without any are left out."""
        with self._database.reading() as connection:
            return watch.quarantined(connection)

    def fills(self, source: str, limit: int) -> list[Fill]:
        """Which fields the last articles of a source have, the newest first."""
        with self._database.reading() as connection:
            return watch.fills(connection, source, limit)

    def together(self, works: Sequence[Callable[[Store], T]]) -> list[T]:
        """What each of the works gives, all in one transaction: if one raises, nothing is committed."""
        if len(works) == 1:
            return [works[0](self)]
        return self._database.together(Ledger, lambda: [work(self) for work in works])

    def postpone(self, source: str, at: datetime) -> None:
        """Poll a source later than was planned."""
        self._database.write(lambda connection: sources.postpone(connection, source, at))

    def absolve(self, names: Sequence[str], at: datetime) -> None:
        """Take back the last failure of these sources, and poll them at `at`: it was our own network that was out."""
        self._database.write(lambda connection: sources.absolve(connection, names, at))

    # ------------------------------------------------------------ links and articles

    def due_links(self, sources_: Sequence[str], now: datetime, limit: int | None = None) -> list[DueLink]:
        """Links of these sources that are due: left by a run that was interrupted, or to be tried again."""
        with self._database.reading() as connection:
            return links.due_links(connection, sources_, now, limit)

    def page_state(self, url_key: str) -> PageState | None:
        """What the next request of a page needs; None for an address that was never asked for."""
        with self._database.reading() as connection:
            return links.page_state(connection, url_key)

    def settle(self, settlements: Sequence[Settlement], now: datetime) -> list[Settled]:
        """Settle a batch (some hundreds at most) in one transaction; the answers are in the same order.

        What came of a lease that was lost is refused: its rows stay, its outcome is pending.
        """
        if not settlements:
            return []
        prepared = settle.prepare(settlements, self._page_keepers())
        return self._database.write(lambda connection: settle.settle_fenced(connection, prepared, now))

    def _page_keepers(self) -> frozenset[str]:
        if self._keepers is None:
            with self._database.reading() as connection:
                self._keepers = pages.keepers(connection)
        return self._keepers

    def articles(
        self, *, source: str | None = None, limit: int | None = None, newest_first: bool = True
    ) -> Iterator[StoredArticle]:
        """Articles in the order in which they were stored; those of one source, where it is named."""
        return articles.articles(self._database, source=source, limit=limit, newest_first=newest_first)

    def article(self, article_id: int) -> StoredArticle | None:
        """One article; None if there is none with this number (any more)."""
        return articles.article(self._database, article_id)

    def find(self, url: str) -> int | None:
        """The number of the article that an address leads to, whichever of its addresses it is."""
        with self._database.reading() as connection:
            return articles.find(connection, url)

    def revisions(self, article_id: int) -> list[Revision]:
        """The versions of an article that were kept, the oldest first and the current one last."""
        with self._database.reading() as connection:
            return articles.revisions(connection, article_id)

    def kept_pages(self, *, source: str | None = None, since: datetime | None = None) -> Iterator[KeptPage]:
        """Pages as they were fetched, of the sources that keep them; settle what is read from them with `reread`."""
        return pages.kept_pages(self._database, source_name=source, since=since)

    # ------------------------------------------------------------ archives

    def load(self, records: Sequence[Record], now: datetime) -> list[Settled]:
        """Store ready-made records (some hundreds at most) in one transaction, in their order, through dedupe.

        Sources that nobody configured are made, and never polled. A record that is stored already changes nothing.
        """
        prepared = archive.prepare_records(records)
        return self._database.write(lambda connection: archive.load(connection, records, prepared, now))

    def export(self, *, source: str | None = None, since: datetime | None = None) -> Iterator[dict[str, Any]]:
        """Every article as JSON that `load` reads, in the order in which they were stored."""
        return archive.export(self._database, source=source, since=since)

    # ------------------------------------------------------------ copies

    def compared(self, article_id: int) -> tuple[Fingerprint, Verdict] | None:
        """An article's fingerprint, and how it compares with the articles of its days; None if it has none."""
        with self._database.reading() as connection:
            return clusters.compared(connection, article_id)

    def likeness(self, one: int, other: int) -> tuple[Known, Likeness] | None:
        """What comparing two articles gives, however far apart they are; None where one has no fingerprint."""
        with self._database.reading() as connection:
            return clusters.likeness_of(connection, one, other)

    def split(self, article_id: int, now: datetime) -> bool:
        """Take an article out of its cluster; whether it was in one."""
        return self._database.write(lambda connection: clusters.split(connection, article_id, now))

    # ------------------------------------------------------------ search

    def index(self, limit: int | None = None) -> int:
        """Take up to `limit` changes into the search index; gives how many were left to take."""
        return search.index(self._database, limit)

    def search(
        self, query: str, *, source: str | None = None, since: datetime | None = None, limit: int = 20
    ) -> list[SearchHit]:
        """The indexed articles that fit best: words, "words in a row", begin*, -without.

        Words match without case and accents; 북한 finds 북한은. `since` is compared with published_at, else first_seen_at.
        Raises StoreError for a query that names no word.
        """
        return search.search(self._database, query, source=source, since=since, limit=limit)

    # ------------------------------------------------------------ care

    def prune(self, retention: Retention, now: datetime, *, dry_run: bool = False) -> Pruned:
        """Drop what is older than that, pages past their time, and links of no use; gives how much.

        A pruned article does not come back while a source still offers it.
        """
        if not dry_run:
            return prune.prune(self._database, retention, now)
        with self._database.reading() as connection:
            return prune.would_prune(connection, retention, now)

    def backup(self, path: Path) -> None:
        """Copy an SQLite database while it is in use. Raises StoreError for PostgreSQL, which has pg_dump."""
        care.backup(self._database, path)

    def compact(self) -> None:
        """Give room that pruning made back to the disk: SQLite's VACUUM, which needs as much room again and a while.

        PostgreSQL does it by itself, as far as it can without a lock.
        """
        care.compact(self._database)

    def check(self) -> list[str]:
        """What is wrong with the database, in sentences; empty if nothing is."""
        return care.check(self._database)

    def size(self) -> int:
        """Bytes of the whole database; without counting rows, which takes a while in a large one."""
        return care.whole_size(self._database)

    def sizes(self) -> list[Size]:
        """The whole database first, then its parts, the largest first."""
        return care.sizes(self._database)

    # ------------------------------------------------------------ the change feed

    def changes(self, after: int = 0, limit: int | None = None) -> Iterator[Change]:
        """What happened after the change `after`, in the order of the commits; ends with the newest."""
        return feed.changes(self._database, after, limit)

    def follow(self, after: int = 0) -> Iterator[Change]:
        """As `changes`, but waits for more, without an end. It takes a connection of its own.

        Raises DatabaseUnavailable when the server goes away: call it again with the last `seq` that was seen.
        """
        return feed.follow(self._database, after)

    # ------------------------------------------------------------ robots.txt

    def robots(self, host: str) -> RobotsRecord | None:
        """robots.txt as it was last answered by a host ("example.org", "127.0.0.1:8080")."""
        with self._database.reading() as connection:
            return robots.robots(connection, host)

    def save_robots(self, record: RobotsRecord) -> None:
        self._database.write(lambda connection: robots.save_robots(connection, record))
