"""What a ``<title>`` says: the headline it may hold, before the names of columns and of the site."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

from crawler.extraction.markup import Markup

LONGEST_HEADLINE = 150
_NOT_WORDS = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(r"\s*(?:__+|--+|_|\s[-–—|·]\s|[|｜丨»>]|[-–])\s*")
SITE_WORDS = re.compile(
    r"(?:网|频道|新闻|专栏|专题|首页|网站|门户|政府|在线|日报|晚报|中心|之窗|平台|要闻|动态|公告|通知|公示|正文|委员会|大学|局|厅|办公室|数字报|电子报|"
    r"\.cn|\.com|paper|文库|教育|信息公开|热线)$",
    re.IGNORECASE,
)


def squash(text: str) -> str:
    """Letters, digits and Han characters alone, in NFKC (℃ is °C): what two prints of one headline have in common."""
    return _squashed(text) if len(text) <= LONGEST_HEADLINE else _NOT_WORDS.sub("", normalize("NFKC", text)).lower()


@lru_cache(maxsize=4096)
def _squashed(text: str) -> str:
    return _NOT_WORDS.sub("", normalize("NFKC", text)).lower()


def is_generic(title: str) -> bool:
    """Whether a ``<title>`` cannot be a headline: a site's or a column's name, or a word or two."""
    first = _SEPARATOR.split(title.strip(" _-|"))[0]
    return len(first) <= 6 or bool(SITE_WORDS.search(first))


def is_chain(title: str, first: str) -> bool:
    """Whether a ``<title>`` parts what lines set apart: a site's name and a headline are not one broken headline."""
    return any(squash(title[: mark.start()]) == first for mark in _SEPARATOR.finditer(title))


def wholes_of(title: str) -> list[str]:
    """What may be the whole headline inside a ``<title>``: all of it, and all before each of its separators."""
    found: list[str] = []
    for mark in _SEPARATOR.finditer(title):
        found.append(title[: mark.start()].strip())
        if _is_wide(mark[0]):
            return found
    return [*found, title]


def _is_wide(mark: str) -> bool:
    """Whether a separator is one that no headline has inside: ``_``, ``--``, ``|``."""
    return "_" in mark or "|" in mark or "--" in mark


def _ends_in_columns(text: str) -> bool:
    """Whether two short names stand behind a headline (…创新高-业界-某某评论), though none of them says what it is."""
    head, *tails = text.rsplit("-", 2)
    short = all(2 <= len(tail.strip()) <= 6 and not any(char.isdigit() for char in tail) for tail in tails)
    return len(tails) == 2 and short and len(squash(head)) >= 10


def cut_title(title: str, markup: Markup) -> str:
    """``<title>`` without the column and site names behind it; its own dashes and numbers stay."""
    site = {squash(markup.metas.get(name, "")) for name in ("sitename", "columnname", "og:site_name")} - {""}
    text = title.strip(" _-|")
    while True:
        marks = list(_SEPARATOR.finditer(text))
        if not marks:
            return text
        if _ends_in_columns(text):
            return text.rsplit("-", 2)[0].strip()
        tail = text[marks[-1].end() :]
        named = squash(tail) in site or bool(SITE_WORDS.search(tail)) or _is_wide(marks[-1][0])
        if not named or len(tail) > 30 or len(squash(text[: marks[-1].start()])) < 4:
            return text
        text = text[: marks[-1].start()].strip(" _-|")
