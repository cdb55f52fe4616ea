"""Which of the copies of a story is likely the one that the others were made from?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

# News agencies by the name that stands in datelines and credits → what stands in their own addresses or site names.
AGENCIES = {
    "AFP": "afp",
    "ANSA": "ansa",
    "AP": "apnews",
    "APA": "apa",
    "Anadolu": "aa.com.tr",
    "Associated Press": "apnews",
    "CNA": "focustaiwan",
    "dpa": "dpa",
    "EFE": "efe",
    "IANS": "ians",
    "Interfax": "interfax",
    "KCNA": "kcna",
    "Kyodo": "kyodo",
    "Lusa": "lusa",
    "PTI": "ptinews",
    "Reuters": "reuters",
    "RIA Novosti": "ria.ru",
    "TASS": "tass",
    "Ukrinform": "ukrinform",
    "UPI": "upi.com",
    "Xinhua": "xinhua",
    "Yonhap": "yna.co.kr",
    "뉴시스": "newsis",
    "연합뉴스": "yna.co.kr",
    "共同通信": "kyodo",
    "新华社": "xinhua",
    "時事通信": "jiji",
    "朝鮮中央通信": "kcna",
    "조선중앙통신": "kcna",
}
# One look behind for all names: with one each it takes fifty times as long.
_NAMED = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, AGENCIES))})(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is looked at of an article in a cluster."""

    article_id: int
    at: datetime
    """When it was published, else when it was first seen."""
    url: str
    site: str | None = None
    credits: str | None = None
    beginning: str = ""
    """Of the body, the dateline included."""


def original(members: Sequence[Member]) -> int:
    """The agency's own article where a member names an agency that is itself a member, else the earliest.

    >>> from datetime import datetime, UTC
    >>> copy = Member(article_id=1, at=datetime(2026, 5, 1, 8, tzinfo=UTC), url="https://example.org/a",
    ...               beginning="SEOUL (Yonhap) — Rice prices rose")
    >>> source = Member(article_id=2, at=datetime(2026, 5, 1, 9, tzinfo=UTC), url="https://en.yna.co.kr/view/A1")
    >>> original([copy, source]), original([copy])
    (2, 1)
    """
    named = {
        AGENCIES[found] for member in members for found in _NAMED.findall(f"{member.beginning} {member.credits or ''}")
    }
    own = [member for member in members if any(name in _place(member) for name in named)]
    return min(own or members, key=lambda member: (member.at, member.article_id)).article_id


def _place(member: Member) -> str:
    """Where it stands: its host and the outlet's name."""
    host = member.url.partition("//")[2].partition("/")[0]
    return f"{host} {member.site or ''}".casefold()
