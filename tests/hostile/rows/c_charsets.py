"""C: bytes that are not the text they say they are."""

from __future__ import annotations

from ingest.model import Article, Discovery
from tests.box.pages import page
from tests.hostile.row import Chapter, rss, told
from tests.hostile.world import World

chapter = Chapter("C", "character sets", 6)
_CURLY = "“Rice — prices” rose"


@chapter.row("C1", "header, declaration and mark disagree", "^“Rice — prices” rose$")
def _(world: World) -> str:
    feed = f"<?xml version='1.0' encoding='iso-8859-1'?><rss version='2.0'><channel><item><title>{_CURLY}</title><link>https://example.org/1</link></item></channel></rss>"
    found = world.source(b"\xef\xbb\xbf" + feed.encode(), charset="utf-16")
    return str(found.links[0].title) if isinstance(found, Discovery) else told(found)


for _label in ("iso-8859-1", "utf-8"):

    @chapter.row("C2", f"Windows-1252 labelled as {_label}", "“Rice — prices” rose")
    def _(world: World, label: str = _label) -> str:
        text = f"<p>{_CURLY}. It was the third time this year that they did, the office said.</p>"
        found = world.page(page(text).decode().encode("cp1252"), charset=label)
        return found.body[-120:] if isinstance(found, Article) else told(found)


@chapter.row("C3", "labels that name no charset", r"^(article 'Ferries run again', \d+ characters ?){4}$")
def _(world: World) -> str:
    return " ".join(told(world.page(page(), charset=label)) for label in ("punycode", "utf-7", "undefined", "x\0y"))


for _codec, _text in (("gb18030", "平壤的大米价格上涨"), ("shift_jis", "平壌の米の価格が上がった"), ("euc_kr", "평양의 쌀값이 올랐다"),
                      ("koi8-r", "Цены на рис выросли"), ("utf-16", "Prices of rice rose")):  # fmt: skip

    @chapter.row("C4", f"{_codec}", f"^{_text}$")
    def _(world: World, codec: str = _codec, text: str = _text) -> str:
        feed = rss(f"<item><title>{text}</title><link>https://example.org/1</link></item>")
        found = world.source(feed.encode(codec), charset=codec)
        return str(found.links[0].title) if isinstance(found, Discovery) else told(found)


@chapter.row(
    "C5", "control, bidi and escape sequences in titles", "^'Fer›2Jries run', and in the article 'Ferries2J run again'$"
)
def _(world: World) -> str:
    nasty = "\x9b2J\u202e\u2066\u200b\U000e0041"
    found = world.source(rss(f"<item><title>Fer{nasty}ries &#x1b;run</title><link>https://example.org/1</link></item>"))
    read = world.page(page(headline=f"Ferries{nasty} run again"))
    if not isinstance(found, Discovery) or not isinstance(read, Article):
        return f"{found}, {read}"
    return f"{found.links[0].title!r}, and in the article {read.headline!r}"


chapter.held(
    "C5", "in every field of a record, in logs, messages and JSON",
    "tests/hostile/test_clean_text.py",
    "tests/daemon/test_run.py::test_secrets_in_addresses_and_control_characters_stay_out_of_the_log",
    "tests/cli/test_commands.py::test_a_page_cannot_write_escape_sequences_to_the_terminal",
)  # fmt: skip


@chapter.row("C6", "entities escaped twice: one level is undone", "^AT&T &lt;b&gt;$")
def _(world: World) -> str:
    found = world.source(
        rss("<item><title>AT&amp;amp;T &amp;amp;lt;b&amp;amp;gt;</title><link>https://example.org/1</link></item>")
    )
    return str(found.links[0].title) if isinstance(found, Discovery) else told(found)
