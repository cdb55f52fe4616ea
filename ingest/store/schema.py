"""The tables. Readers never see them: they have the views (`views.py`).

    source ─< sighting >─ link >─ article ─< image
                    page ─┘ url_alias >─ article ─< revision        tombstone, change, robots, search, ledger

Ids of links and articles and the change feed's `seq` come from `ledger`, whose one row every writing
transaction locks first: see docs/decisions/0005-one-writer.md.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    text,
)
from sqlalchemy.schema import SetColumnComment, SetTableComment

from ingest.store import views
from ingest.store.columns import Digest, Id, Json, String, Time

REVISION = "0005"
"""The migration that this program's tables correspond to."""

# Named, so that a migration can name them, too (https://alembic.sqlalchemy.org/en/latest/naming.html).
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

source = Table(
    "source",
    metadata,
    Column("id", Integer, primary_key=True, comment="Internal number"),
    Column("name", String, nullable=False, unique=True, comment="The name in the configuration"),
    Column("kind", String, nullable=False, comment="feed, page or sitemap"),
    Column("url", String, nullable=False, comment="As configured"),
    Column("registered_at", Time, nullable=False, comment="When it was first configured"),
    Column("final_url", String, comment="Where the last successful poll ended after redirects"),
    Column("state", String, nullable=False, comment="new, ok, quiet, failing, blocked, gone or paused"),
    Column("etag", String, comment="Validator of the last complete answer, verbatim"),
    Column("last_modified", String, comment="Validator of the last complete answer, verbatim"),
    Column("body_hash", String, comment="Hash of the last complete body, as the poller made it"),
    Column("parts", Json, nullable=False, comment="Array of {url, etag, last_modified, body_hash}: child sitemaps"),
    Column("last_polled_at", Time, comment="Last poll, whatever came of it"),
    Column("last_success_at", Time, comment="Last poll that was answered, changed or not"),
    Column("next_due_at", Time, comment="When the scheduler looks again; NULL: at once"),
    Column("interval_seconds", Integer, comment="The scheduler's present interval; NULL: not yet known"),
    Column("failures", Integer, nullable=False, comment="Failed polls since the last success"),
    Column("last_error", String, comment="Why the last poll failed; NULL once one succeeds"),
    Column(
        "keep_pages_seconds",
        Integer,
        nullable=False,
        server_default="0",
        comment="How long the pages of its links are kept; 0: not at all",
    ),
    Column("offers_since", Time, comment="A link that it last offered before this is offered no more"),
    Column("host", String, comment="Host key of the address that is polled; NULL: it can't be asked anywhere"),
    Column("moved_to", String, comment="Where it has moved for good, confirmed; NULL: it has not"),
    Column("memory", Json, comment="Object: history, hints, the last decision and its reasons; see pipeline/plan.py"),
    Index("ix_source_host", "host", "next_due_at"),
    comment="What the user configured: a feed, a sitemap or a listing page",
)

link = Table(
    "link",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False, comment="From the ledger"),
    Column("key", Digest, nullable=False, unique=True, comment="Digest of url_key(url)"),
    Column("url", String, nullable=False, comment="As first offered"),
    Column("first_source_id", ForeignKey("source.id"), comment="Who offered it first; NULL: asked for by hand"),
    Column("offer", Json, comment="What the source said of it; NULL once it led to an article or was left alone"),
    Column("first_seen_at", Time, nullable=False, comment="When it was first offered"),
    Column("next_due_at", Time, comment="When its page is to be fetched (again); NULL: settled"),
    Column("attempts", Integer, nullable=False, comment="Settlements so far"),
    Column("outcome", String, nullable=False, comment="What became of it last; pending before the first settlement"),
    Column("reason", String, comment="Why it was filtered or failed"),
    Column("settled_at", Time, comment="When the outcome was written"),
    Column("article_id", ForeignKey("article.id", ondelete="SET NULL"), comment="The article that it leads to"),
    Column("etag", String, comment="Validator of the page last fetched from this URL, verbatim"),
    Column("last_modified", String, comment="Validator of the page last fetched from this URL, verbatim"),
    Column("host", String, comment="Host key of its address; NULL: it can't be asked anywhere"),
    Index("ix_link_article_id", "article_id"),
    comment="A URL that a source offered, once, whoever offered it",
)
_is_due = link.c.next_due_at.is_not(None)  # few are: settled links stay out of the index
Index("ix_link_next_due_at", link.c.next_due_at, sqlite_where=_is_due, postgresql_where=_is_due)

Index("ix_link_host", link.c.host, link.c.next_due_at, sqlite_where=_is_due, postgresql_where=_is_due)

host = Table(
    "host",
    metadata,
    Column("name", String, primary_key=True, comment="Host key, for example example.org or 127.0.0.1:8080"),
    Column("next_due_at", Time, comment="When it can be claimed: work is due, or the lease ends; NULL: no work"),
    Column("lease_owner", String, comment="Who visits it; NULL: nobody"),
    Column("lease_token", Id, nullable=False, server_default="0", comment="Grows with every claim: the fence"),
    Column("lease_until", Time, comment="When the lease ends unless it is renewed"),
    Column("next_request_at", Time, comment="No request before this: the last one's start and the delay"),
    Column("hold_until", Time, comment="It asked to be left alone until then"),
    Column("hold_reason", String, comment="With what words"),
    Column("holds", Integer, nullable=False, server_default="0", comment="How often in a row it did"),
    Index("ix_host_next_due_at", "next_due_at"),
    comment="The politeness ledger: one visitor at a time, and when",
    sqlite_with_rowid=False,
)

revisit = Table(
    "revisit",
    metadata,
    Column("link_id", ForeignKey("link.id", ondelete="CASCADE"), primary_key=True, comment="Whose page"),
    Column("host", String, nullable=False, comment="Where it is"),
    Column("due_at", Time, nullable=False, comment="When its page is looked at again"),
    Column("unchanged", Integer, nullable=False, comment="Looks in a row that found no edit"),
    Index("ix_revisit_host", "host", "due_at"),
    comment="Stored articles that are looked at again for edits",
    sqlite_with_rowid=False,
)

sighting = Table(
    "sighting",
    metadata,
    Column("link_id", ForeignKey("link.id", ondelete="CASCADE"), nullable=False, comment="What was offered"),
    Column("source_id", ForeignKey("source.id"), nullable=False, comment="By whom"),
    Column("guid", String, comment="The entry's id in the feed, as given"),
    Column("title", String, comment="The entry's title in the source"),
    Column("first_seen_at", Time, nullable=False, comment="First poll that saw it"),
    Column("last_seen_at", Time, nullable=False, comment="A poll that saw it, at most a day before the last that did"),
    PrimaryKeyConstraint("link_id", "source_id"),
    Index("ix_sighting_source_id", "source_id"),
    comment="One source offered one link",
    sqlite_with_rowid=False,
)

article = Table(
    "article",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False, comment="From the ledger; never used again"),
    Column("link_id", Id, nullable=False, comment="The link that stored it; no foreign key, link has one to here"),
    Column("url", String, nullable=False, comment="Its page, after redirects"),
    Column("canonical_url", String, comment="What the page calls its own address"),
    Column("headline", String, nullable=False, comment="As displayed"),
    Column("summary", String, comment="Standfirst or description, plain text"),
    Column("authors", Json, nullable=False, comment="Array of names"),
    Column("published_at", Time, comment="As the page says"),
    Column("modified_at", Time, comment="As the page says"),
    Column("language", String, comment="BCP 47 primary language"),
    Column("site", String, comment="The outlet's name"),
    Column("section", String, comment="The outlet's section"),
    Column("tags", Json, nullable=False, comment="Array of the outlet's tags"),
    Column("contact_line", String, comment="The contacts' texts joined by a space"),
    Column("contact_emails", Json, nullable=False, comment="Array of the contacts' e-mail addresses"),
    Column("credits", String, comment="Who did what, as printed"),
    Column("paywalled", Boolean, comment="NULL: the page does not say"),
    Column("lead_position", Integer, comment="image.position of the lead image"),
    Column("word_count", Integer, nullable=False, comment="Words of the body; two Han or kana count as one"),
    Column("material_hash", Digest, nullable=False, comment="Digest of what makes a revision when it changes"),
    Column("revision", Integer, nullable=False, comment="Number of the current version, from 1"),
    Column("cause", String, nullable=False, comment="Why this version came: new, edited, corrected, re-extracted"),
    Column("cluster_id", Id, comment="Copies and light rewrites of one story; NULL: none known"),
    Column("first_seen_at", Time, nullable=False, comment="When it was stored first"),
    Column("changed_at", Time, nullable=False, comment="When this version was stored"),
    # Last, because SQLite reads a long row from its beginning: what is asked for often need not pass the text.
    Column("contacts", Json, nullable=False, comment="Array of {text, kind, emails, phones, urls}"),
    Column("origins", Json, nullable=False, comment="Object: field to the rule that gave it"),
    Column("body", String, nullable=False, comment="Paragraphs separated by one blank line"),
    Index("ix_article_published_at", "published_at"),
    comment="The normalized record of one page, in its current version",
)

_has_cluster = article.c.cluster_id.is_not(None)
Index("ix_article_cluster_id", article.c.cluster_id, sqlite_where=_has_cluster, postgresql_where=_has_cluster)

image = Table(
    "image",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False, comment="Whose"),
    Column("position", Integer, nullable=False, comment="Order in the article, from 0"),
    Column("role", String, nullable=False, comment="lead or body"),
    Column("url", String, comment="Absolute; NULL where only a script would load the picture"),
    Column("label", String, comment="Its alt text, else its title"),
    Column("caption", String, comment="As displayed"),
    Column("credit", String, comment="As displayed, without 'Photo:' or '©'"),
    PrimaryKeyConstraint("article_id", "position"),
    comment="A picture of the current version of an article",
    sqlite_with_rowid=False,
)

revision = Table(
    "revision",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False, comment="Whose"),
    Column("revision", Integer, nullable=False, comment="Number of the version, from 1"),
    Column("seen_at", Time, nullable=False, comment="When the version was stored"),
    Column("cause", String, nullable=False, comment="Why it came: new, edited, corrected, re-extracted"),
    Column("headline", String, nullable=False),
    Column("summary", String),
    Column("body", String, nullable=False),
    Column("authors", Json, nullable=False),
    Column("published_at", Time),
    Column("modified_at", Time),
    Column("contact_line", String),
    Column("credits", String),
    Column("image_caption", String, comment="The lead image's"),
    Column("image_credit", String, comment="The lead image's"),
    Column("images", Json, nullable=False, comment="Array of {role, url, label, caption, credit}"),
    PrimaryKeyConstraint("article_id", "revision"),
    comment="Versions of articles that a later one replaced; the columns mean what they mean in article",
)

url_alias = Table(
    "url_alias",
    metadata,
    Column("key", Digest, primary_key=True, comment="Digest of an address's url_key, or of source and guid"),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False, comment="What it identifies"),
    Column("kind", String, nullable=False, comment="final, canonical or guid"),
    Index("ix_url_alias_article_id", "article_id"),
    comment="By what an article is recognised, beside its links",
    sqlite_with_rowid=False,
)

change = Table(
    "change",
    metadata,
    Column(
        "seq", Id, primary_key=True, autoincrement=False, comment="From the ledger: commit order, without late rows"
    ),
    Column("article_id", Id, nullable=False, comment="No foreign key: a removed article's changes stay"),
    Column("kind", String, nullable=False, comment="new, changed, merged or removed"),
    Column("at", Time, nullable=False, comment="When"),
    comment="The feed that other services follow",
)

robots = Table(
    "robots",
    metadata,
    Column("host", String, primary_key=True, comment="Host key, for example example.org or 127.0.0.1:8080"),
    Column("status", Integer, nullable=False, comment="HTTP status of the answer"),
    Column("body", LargeBinary, nullable=False, comment="As received"),
    Column("etag", String, comment="Validator, verbatim"),
    Column("last_modified", String, comment="Validator, verbatim"),
    Column("fetched_at", Time, nullable=False, comment="When it was fetched or confirmed"),
    comment="robots.txt of each host",
)

page = Table(
    "page",
    metadata,
    Column("link_id", ForeignKey("link.id", ondelete="CASCADE"), primary_key=True, comment="Fetched for this link"),
    Column("final_url", String, nullable=False, comment="After redirects"),
    Column("status", Integer, nullable=False, comment="HTTP status"),
    Column("headers", Json, nullable=False, comment="Object: name in lower case to value"),
    Column("body", LargeBinary, nullable=False, comment="Zstandard; content decoded before, characters not"),
    Column("body_size", Integer, nullable=False, comment="Bytes before compression"),
    Column("fetched_at", Time, nullable=False, comment="When"),
    Index("ix_page_fetched_at", "fetched_at"),
    comment="The last page of a link, where its source keeps pages",
)

tombstone = Table(
    "tombstone",
    metadata,
    Column("key", Digest, primary_key=True, comment="As in url_alias"),
    Column("link_id", ForeignKey("link.id", ondelete="CASCADE"), nullable=False, comment="The link that stored it"),
    Column("removed_at", Time, nullable=False, comment="When"),
    Index("ix_tombstone_link_id", "link_id"),
    comment="Addresses of articles that were pruned, kept while a source still offers them",
    sqlite_with_rowid=False,
)

fingerprint = Table(
    "fingerprint",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, comment="Whose"),
    Column("at", Integer, nullable=False, comment="Minutes since 1970: published, else first seen"),
    Column("keys", LargeBinary, nullable=False, comment="Those of copy_key, i32"),
    Column("units", Integer, nullable=False, comment="Length of the text without boilerplate lines"),
    Column("sample", LargeBinary, nullable=False, comment="Sampled shingles, u32, in the order of the text"),
    Column("numbers", LargeBinary, nullable=False, comment="Numbers in the text, u32, sorted"),
    Column("last_line", BigInteger, comment="Hash of the last line; NULL where there is no other"),
    Column("last_shingles", Integer, nullable=False, comment="How many of the sample are the last line's"),
    comment="What an article's first version is compared with others by",
)

copy_key = Table(
    "copy_key",
    metadata,
    # 32 bits each: a million articles make this table large. Among 16 million keys one article in 17 meets a stranger by
    # accident, in the window next to none; and then the texts are compared.
    Column("key", Integer, nullable=False, comment="Hash of a passage; copies share some of their 16"),
    Column("at", Integer, nullable=False, comment="Minutes since 1970: published, else first seen"),
    Column("article_id", Integer, nullable=False, autoincrement=False, comment="Whose; no foreign key"),
    # SQLite keeps the rows in their key. PostgreSQL keeps them twice, and its index is a third smaller without the article.
    PrimaryKeyConstraint("key", "at", "article_id").ddl_if(dialect="sqlite"),
    Index("ix_copy_key_key", "key", "at").ddl_if(dialect="postgresql"),
    comment="By which copies are found",
    sqlite_with_rowid=False,
)

line = Table(
    "line",
    metadata,
    Column("hash", BigInteger, nullable=False, comment="Of the line, folded"),
    Column("source_id", Integer, nullable=False, comment="Where; 0: pages asked for by hand"),
    Column("articles", Integer, nullable=False, comment="Articles of this source that have it"),
    Column("clusters", Integer, nullable=False, comment="Clusters that it was seen in through this source first"),
    Column("at", Integer, nullable=False, comment="Minutes since 1970: when it was last seen"),
    Column("last_cluster", Id, comment="The cluster that it was last seen in"),
    PrimaryKeyConstraint("hash", "source_id"),
    comment="Lines that tell boilerplate from text",
    sqlite_with_rowid=False,
)

cluster = Table(
    "cluster",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False, comment="article.cluster_id"),
    Column("original_id", Id, nullable=False, comment="The article that the others are likely copies of"),
    comment="Clusters of two or more articles",
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False, comment="Always 1"),
    Column("link_id", Id, nullable=False, comment="Last link id given out"),
    Column("article_id", Id, nullable=False, comment="Last article id given out"),
    Column("change_seq", Id, nullable=False, comment="Last seq of the change feed"),
    Column("indexed_seq", Id, nullable=False, server_default="0", comment="Changes up to this one can be searched"),
    comment="One row: the last numbers given out. Whoever writes locks it first",
)

version = Table(
    "ingest_version",
    metadata,
    Column("version_num", String, primary_key=True, comment="The last migration that was run"),
    comment="Which schema this is",
)


# The full-text index is outside of `metadata`: each database has its own kind.
SEARCH = {
    # Contentless: the texts are in `article`. A row's number holds the article and its version, see search.py.
    "sqlite": (
        """CREATE VIRTUAL TABLE search
           USING fts5 (headline, body, content = '', tokenize = 'unicode61 remove_diacritics 0')""",
    ),
    "postgresql": (
        """CREATE TABLE search (
           article_id bigint PRIMARY KEY REFERENCES article ON DELETE CASCADE, document tsvector NOT NULL)""",
        "CREATE INDEX ix_search_document ON search USING gin (document)",
    ),
}


def create(connection: Connection) -> None:
    """Make the present schema in a database that has none; `migrations` lead older ones to the same."""
    metadata.create_all(connection, checkfirst=False)
    for view in views.ALL:
        connection.execute(text(view.ddl))
    for statement in SEARCH[connection.dialect.name]:
        connection.execute(text(statement))
    connection.execute(ledger.insert(), {"id": 1, "link_id": 0, "article_id": 0, "change_seq": 0})
    connection.execute(version.insert(), {"version_num": REVISION})
    finish(connection)


def finish(connection: Connection) -> None:
    r"""What only PostgreSQL has: comments, which `\d+` shows in psql, and faster compression of long texts."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        connection.execute(SetTableComment(table))
        for column in table.columns:
            connection.execute(SetColumnComment(column))
    for view in views.ALL:
        for statement in view.comments:
            connection.execute(text(statement))
    # Compressed already: PostgreSQL need not try again.
    connection.execute(text("ALTER TABLE page ALTER COLUMN body SET STORAGE EXTERNAL"))
    known = connection.execute(text("SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression'"))
    if "lz4" in (known.scalar() or ()):  # since version 14, where the server was built with it
        for table in (article, revision):
            connection.execute(text(f"ALTER TABLE {table.name} ALTER COLUMN body SET COMPRESSION lz4"))
