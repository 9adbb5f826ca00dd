"""Whence a page has its article (来源): behind a label, in an element that is named so, or beside the date.

What only the page's own labels say (``ContentSource``) is believed where the page prints it too; nothing is taken from
the site's name, since an article without a source has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from crawler.extraction.beside import beside_date
from crawler.extraction.byline import Field, cut

MASTHEAD = re.compile(
    r"\d\s*日?\D{0,8}第\s*[\d,]+\s*[期号]|第\s*[A-Z]?\d+\s*版|\d\s*日?\s*(?:星期|周)[一二三四五六日天]\W*(?:上|下)一[篇版期]"
)
"""A digital paper's masthead: its date beside its issue number, the paper's page or the way to the next article."""
_PUBLISHED_BY = re.compile(r"(?:^|[\s·、,;|])([\u3400-\u9fff]{1,8}报)社(?:出版|主办|编辑出版)")
_METAS = ("contentsource", "source")
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+$", re.IGNORECASE)
_CUT = re.compile(r"(?:\.{2,}|…+)$")
_REPORTED = re.compile(
    r"\s*[(（]?\s*(?:(?<=[报网社台端])|(?<=[\s(（]))(?:本报)?(?:记者|通讯员|作者|编辑)"
    r"(?![\u3400-\u9fff]{0,4}(?:站|部|报|网|会)).*$"
)
"""Who reported it, behind a medium (云溪日报(记者 陈明)); 记者站 and 记者网 are offices."""
_LEAST_STEM = 6
"""Characters of a source cut short from which it is known again."""
_RECENTLY = re.compile(
    r"(?:发布于|发表于|更新于)?\s*(?:\d+\s*(?:秒|分钟|个?小时|天|周|个?月|年)[前内]|刚刚|[今昨前]天)(?:\s.*)?"
)
"""When, not whence: 3天前, 昨天."""
_NOTHING = frozenset(("未知", "无", "不详", "null"))
_LONGEST = 60

Found = tuple[str, str, tuple[str, ...]]
"""A source, how it was found, and the writers named beside it."""


def printed_source(
    head: Sequence[Field], marked: Sequence[Field], inner: Sequence[Field], tail: Sequence[Field], top: Sequence[str]
) -> Found | None:
    """The source printed around an article, how it was found, and writers that stand behind it without a label.

    ``head`` and ``tail`` are the values above and below the body, ``inner`` those above it but inside its box: a line
    there is the text's own and counts less than the byline. ``marked`` are those of elements that are named so, ``top``
    the lines above the headline. A medium in ``head`` is a name alone on the line next to the date's. A mere address
    counts only where no name is told.
    """
    found = (
        _labelled(head),
        _labelled(marked, "selector"),
        _beside(head, top),
        _labelled(head, kind="medium"),
        _labelled(marked, "selector", "account"),
        _labelled(inner),
        _beside(inner, top),
        _labelled(tail),
    )
    told = [each for each in found if each]
    return next((each for each in told if not _ADDRESS.match(each[0])), next(iter(told), None))


def _labelled(fields: Sequence[Field], how: str = "pattern", kind: str = "source") -> Found | None:
    """The first value of this kind, or an address where no value is a name."""
    told = [value for item in fields if item.kind == kind and (value := clean_source(item.value))]
    value = next((each for each in told if not _ADDRESS.match(each)), next(iter(told), None))
    return (value, how, ()) if value else None


def _beside(fields: Sequence[Field], top: Sequence[str]) -> Found | None:
    """The first press or account that stands beside a date."""
    found = (beside_date(item.value, top) for item in fields if item.kind == "bare")
    told = (each for each in found if each.source and not _RECENTLY.fullmatch(each.source))
    return next(((each.source or "", "pattern", each.people) for each in told), None)


def clean_source(value: str) -> str | None:
    """The source in a labelled value, without the date, buttons and counters behind it; ``None`` where it says none."""
    words = _unbracketed(_REPORTED.sub("", cut(value))).split()
    if not words:
        return None
    taken = words[0]
    for word in words[1:]:
        if not (
            taken.endswith(("-", "—", "、", "·")) or word.startswith(("-", "—", "、", "·")) or (taken + word).isascii()
        ):
            break
        taken = f"{taken} {word}" if (taken + word).isascii() else taken + word
    if len(taken) > _LONGEST or "。" in taken or taken in _NOTHING or not re.search(r"\w", taken):
        return None
    if _RECENTLY.fullmatch(taken):
        return None
    return taken


def masthead_press(above: Sequence[str]) -> str | None:
    """The paper that a digital paper's masthead names as its own publisher (…·文汇报社出版), above the headline."""
    if not any(MASTHEAD.search(text) for text in above):
        return None
    return next((match[1] for text in above if (match := _PUBLISHED_BY.search(text))), None)


def _unbracketed(text: str) -> str:
    """A value without its outer brackets and marks; a bracket that belongs to the name stays (市文旅局(原文广局))."""
    while True:
        bare = text.strip(" :：,，;；|")
        for opening, closing in ("()", "（）", "《》"):
            lone = bare.count(opening) - bare.count(closing)
            around = opening != "《" and bare.startswith(opening) and bare.find(closing) in (-1, len(bare) - 1)
            bare = bare[1:] if bare.startswith(closing) or (bare.startswith(opening) and (lone > 0 or around)) else bare
            bare = bare[:-1] if bare.endswith(opening) or (bare.endswith(closing) and (lone < 0 or around)) else bare
        if bare == text:
            return text
        text = bare


def meta_source(metas: Mapping[str, str], around: Iterable[str], title: str | None) -> str | None:
    """``ContentSource`` where the page prints it beside the article or in its headline, and it is not the headline."""
    value = next((metas[name] for name in _METAS if metas.get(name)), None)
    if not value or len(value) > 40 or (title and len(value) >= 0.5 * len(title)):
        return None
    stands = re.compile(rf"(?<![\u3400-\u9fff]){re.escape(value)}(?![\u3400-\u9fff])|{re.escape(value)}(?:记者|讯|电)")
    return value if any(stands.search(text) for text in [*around, title or ""]) else None


def whole_source(source: str, metas: Mapping[str, str]) -> str:
    """The source whole, where the page prints it cut short (…附属体...) and ``ContentSource`` goes on."""
    stem = _CUT.sub("", source)
    if stem == source or len(stem) < _LEAST_STEM:
        return source
    return next((whole for name in _METAS if (whole := metas.get(name, "")).startswith(stem)), source)
