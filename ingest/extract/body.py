"""The article's text: the box that holds its paragraphs, and which of the blocks in it are the article."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.errors import NotAnArticle
from ingest.extract.candidates import Candidate
from ingest.extract.layout import Box, append, lay_out
from ingest.extract.paragraphs import folded
from ingest.extract.scripted import Scripted, scripted
from ingest.extract.structured import texts
from ingest.extract.view import Body, View
from ingest.extract.weighing import Weighed
from ingest.extract.wording import meaning
from ingest.html import parse

_LEAST = 80
"""Characters; a page with less shows no article."""
_FEW = 500
"""Characters; a page that shows fewer may hold its article for scripts."""
_TAG = re.compile(r"<[^<>]{1,300}>")
_TELLING = 60
"""Letters by which a paragraph is recognised."""
_MISSING = re.compile(
    r"\b(?:404|410|page not found|not found|page (?:introuvable|non trouvée)|(?:seite|artikel) (?:wurde )?nicht gefunden|"
    r"página no (?:encontrada|existe)|página não encontrada|pagina non trovata|pagina niet gevonden|nie znaleziono|"
    r"sidan (?:hittades|finns) (?:inte|ej)|siden (?:finnes|findes) ikke|sivua ei löyty|sayfa bulunamadı|"
    r"страница не найдена|сторінку не знайдено|stránka nebyla nalezena)\b|ページが見つかりません|页面不存在|페이지를 찾을 수 없|"
    r"الصفحة غير موجودة|הדף לא נמצא",
    re.IGNORECASE,
)


def candidates(view: View) -> Iterator[Candidate[Body]]:
    """Bodies of the page, best first. Raises NotAnArticle, with the reason, where there is none."""
    ruled = _ruled(view, view.rules.body) if view.rules.body else None
    if ruled:
        yield Candidate(ruled, f"rule body: {view.rules.body}", 10)
    weighed = Weighed(view.layout)
    described = "\n".join(texts(view.json_ld.get("articleBody")))
    found = _found(view.headline, weighed)
    shown = _borne_out(found, described, weighed)
    chars = _chars(shown)
    if shown and chars >= _LEAST:
        yield Candidate(shown, "text density" if shown is found else "text density, and json-ld articleBody", 1)
    if chars < max(_FEW, 0.3 * len(described)) and (held := _held(view, described, shown)):
        yield held
        return
    if not ruled:
        _refuse(view, weighed, chars)


def _ruled(view: View, selector: str) -> Body | None:
    """What a site's rule says, less what is no text in it."""
    wanted = {node.mem_id for node in view.document.tree.css(selector)}
    boxes = [box for box in view.layout.boxes if box.node.mem_id in wanted]
    if not boxes:
        return None
    blocks = [
        block
        for block in view.layout.blocks
        if any(box.start <= block.index < box.end for box in boxes) and block.link_chars * 2 <= len(block.text)
    ]
    own = folded(view.headline)
    kept = tuple(block for block in blocks if folded(block.text) != own)
    return Body(kept, _around(boxes)) if kept else None


def _around(boxes: list[Box]) -> Box:
    """The smallest box around all of these."""
    box = boxes[0]
    start, end = min(box.start for box in boxes), max(box.end for box in boxes)
    while box.parent is not None and not (box.start <= start and end <= box.end):
        box = box.parent
    return box


def _found(headline: str, weighed: Weighed, within: Box | None = None) -> Body | None:
    box = weighed.best(headline, within)
    blocks = weighed.text_of(box, headline) if box is not None else []
    return Body(tuple(blocks), box) if box is not None and blocks else None


def _borne_out(found: Body | None, described: str, weighed: Weighed) -> Body | None:
    """A body with the paragraphs that it lacks and that the page shows and calls its text in JSON-LD.

    A witness, not the truth: some outlets describe a summary, some the teasers with the text. So nothing is taken out,
    and only running text comes back in.
    """
    if found is None or len(described) < _FEW or len(described) < 1.1 * _chars(found):
        return found
    told = folded(_TAG.sub(" ", described))
    known = {block.index for block in found.blocks}
    lacking = [
        block
        for block in weighed.layout.blocks
        if weighed.prose[block.index]
        and block.index not in known
        and folded(block.text)[:_TELLING] in told
        and meaning(block.text) is None
    ]
    if not lacking:
        return found
    blocks = sorted((*found.blocks, *lacking), key=lambda block: block.index)
    return Body(tuple(blocks), _around([found.box, *(block.box for block in lacking)]))


def _chars(body: Body | None) -> int:
    return sum(len(block.text) for block in body.blocks) if body else 0


def _held(view: View, described: str, shown: Body | None) -> Candidate[Body] | None:
    """The text that the page holds but does not show without its scripts, if it is fuller than what it shows.

    It becomes part of the layout, so that its pictures and contact lines are found as well.
    """
    summary = view.structured.first("og:description", "description") or ""
    held = scripted(view.document, view.headline, summary)[:3]
    if len(described) >= _LEAST:
        paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in described.splitlines() if line.strip())
        held.append(Scripted("json-ld articleBody", paragraphs, len(described), about=1.0))
    for text in held:
        document = parse(text.markup.encode("utf-8", "replace"))
        found = _found(view.headline, Weighed(lay_out(document)))
        if _is_fuller(found, shown, text.about):
            box = append(view.layout, document)
            body = _found(view.headline, Weighed(view.layout), box)
            return Candidate(replace(body, held=True), text.origin, 5) if body else None
    return None


def _is_fuller(held: Body | None, shown: Body | None, about: float) -> bool:
    """Whether a held text is the article of which the page shows the beginning, or something else, or nothing."""
    chars, least = _chars(held), _chars(shown)
    if held is None or chars < _LEAST or chars < 2 * least:
        return False
    if shown is None or least < _LEAST:
        return about >= 0.2
    opening = folded(shown.blocks[0].text)[:30]
    return opening in folded(" ".join(block.text for block in held.blocks)) or (about >= 0.8 and chars > 5 * least)


def _refuse(view: View, weighed: Weighed, chars: int) -> None:
    """Raise NotAnArticle if the page is something else."""
    if chars < _FEW and len(view.headline) < 80 and _MISSING.search(view.headline):
        raise NotAnArticle("the page says that there is nothing at its address")
    named = (
        view.json_ld or view.structured.first("og:type") == "article" or view.structured.first("article:published_time")
    )
    if not named and weighed.teasers >= 6 and chars < 0.3 * weighed.teaser_chars:
        raise NotAnArticle(f"the page is a list: {weighed.teasers} teasers of articles and no text of its own")
    if chars < _LEAST:
        raise NotAnArticle("no body text was found" if weighed.layout.blocks else "the page shows no text")
